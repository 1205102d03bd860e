package dev.packetpath.iptables.target;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.MarkValue;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -j CONNMARK}: sets the mark of the connection, or copies bits between it and the packet's.
 * A packet without a connection goes on unchanged.
 *
 * <p>Source: net/netfilter/xt_connmark.c, connmark_tg_shift, Linux 6.1; iptables 1.8.9,
 * libxt_CONNMARK.c.
 *
 * @param mode what is done
 * @param value the value of {@link Mode#SET}
 * @param connectionMask the bits of the connection's mark that count
 * @param packetMask the bits of the packet's mark that count, all for {@link Mode#SET}
 * @param shift how far the copied bits move, 0 to 31
 * @param toTheRight whether they move to the right
 */
public record ConnmarkTarget(
    Mode mode, int value, int connectionMask, int packetMask, int shift, boolean toTheRight)
    implements Target {
  /** What is done. */
  public enum Mode {
    /** {@code connection = (connection & ~mask) ^ value}, then the shift. */
    SET,
    /** The packet's bits are put into the connection. */
    SAVE,
    /** The connection's bits are put into the packet. */
    RESTORE
  }

  /** How it is written: all spellings of setting become {@code --set-xmark}. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("CONNMARK")
          .option(OptionSpec.value("--set-xmark"))
          .option(OptionSpec.value("--set-mark"))
          .option(OptionSpec.value("--and-mark"))
          .option(OptionSpec.value("--or-mark"))
          .option(OptionSpec.value("--xor-mark"))
          .option(OptionSpec.flag("--save-mark"))
          .option(OptionSpec.flag("--restore-mark"))
          .option(OptionSpec.value("--mask"))
          .option(OptionSpec.value("--nfmask"))
          .option(OptionSpec.value("--ctmask"))
          .option(OptionSpec.value("--left-shift-mark"))
          .option(OptionSpec.value("--right-shift-mark"))
          .readBy(options -> new Reading(options).read());

  private static final int MAX_SHIFT = 31;

  /**
   * Checks the shift.
   *
   * @throws IllegalArgumentException if it is not 0 to 31
   */
  public ConnmarkTarget {
    checkArgument(shift >= 0 && shift <= MAX_SHIFT, "a shift is 0..31, found %s", shift);
  }

  /** The options in their order: a mask counts for what stands before it. */
  private static final class Reading {
    private static final long MAX_MARK = 0xffff_ffffL;

    private final OptionValues options;
    private String action = "";
    private Mode mode = Mode.SET;
    private int value;
    private int connectionMask = -1;
    private int packetMask = -1;
    private int shift;
    private boolean toTheRight;

    Reading(OptionValues options) {
      this.options = options;
    }

    ConnmarkTarget read() {
      for (OptionValues.Given given : options.all()) {
        read(given);
      }
      if (action.isEmpty()) {
        throw options.missing("a --set-…, --save-mark or --restore-mark");
      }
      return new ConnmarkTarget(
          mode,
          value,
          connectionMask,
          mode == Mode.SET ? -1 : packetMask,
          shift,
          toTheRight && shift != 0);
    }

    private void read(OptionValues.Given given) {
      switch (given.option().name()) {
        case "--set-xmark" -> {
          MarkValue written = MarkValue.read(options, given);
          set(given, written.value(), written.mask());
        }
        case "--set-mark" -> {
          MarkValue written = MarkValue.read(options, given);
          set(given, written.value(), written.value() | written.mask());
        }
        case "--and-mark" -> set(given, 0, ~mark(given));
        case "--or-mark" -> set(given, mark(given), mark(given));
        case "--xor-mark" -> set(given, mark(given), 0);
        case "--save-mark" -> start(given, Mode.SAVE);
        case "--restore-mark" -> start(given, Mode.RESTORE);
        case "--mask" -> {
          packetMask = mark(given);
          connectionMask = packetMask;
        }
        case "--nfmask" -> packetMask = halfMask(given);
        case "--ctmask" -> connectionMask = halfMask(given);
        default -> {
          shift = (int) options.number(given, given.value(), 0, MAX_SHIFT);
          toTheRight = given.option().name().equals("--right-shift-mark");
        }
      }
    }

    private void set(OptionValues.Given given, int newValue, int newMask) {
      start(given, Mode.SET);
      value = newValue;
      connectionMask = newMask;
    }

    private void start(OptionValues.Given given, Mode newMode) {
      if (!action.isEmpty()) {
        throw options.error(given, given.option().name() + " behind " + action, "one action only");
      }
      action = given.option().name();
      mode = newMode;
    }

    private int halfMask(OptionValues.Given given) {
      if (options.has("--mask")) {
        throw options.error(given, given.option().name() + " beside --mask", "one or the other");
      }
      return mark(given);
    }

    private int mark(OptionValues.Given given) {
      return (int) options.number(given, given.value(), 0, MAX_MARK);
    }
  }

  @Override
  public String name() {
    return "CONNMARK";
  }

  @Override
  public void print(OptionPrinter out) {
    if (mode == Mode.SET) {
      out.option("--set-xmark", Numbers.hex(value) + "/" + Numbers.hex(connectionMask));
    } else {
      out.word(mode == Mode.SAVE ? "--save-mark" : "--restore-mark");
      out.option("--nfmask", Numbers.hex(packetMask));
      out.option("--ctmask", Numbers.hex(connectionMask));
    }
    if (shift != 0) {
      out.option(toTheRight ? "--right-shift-mark" : "--left-shift-mark", Integer.toString(shift));
    }
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> {
      Connection connection = PacketConnection.connectionOf(packet);
      if (connection.exists()) {
        apply(packet, connection);
      }
      return TargetResult.CONTINUE;
    };
  }

  private void apply(Packet packet, Connection connection) {
    switch (mode) {
      case SET -> connection.mark(shifted((connection.mark() & ~connectionMask) ^ value));
      case SAVE ->
          connection.mark(
              (connection.mark() & ~connectionMask) ^ shifted(packet.mark() & packetMask));
      case RESTORE ->
          packet.mark((packet.mark() & ~packetMask) ^ shifted(connection.mark() & connectionMask));
    }
  }

  private int shifted(int bits) {
    return toTheRight ? bits >>> shift : bits << shift;
  }
}
