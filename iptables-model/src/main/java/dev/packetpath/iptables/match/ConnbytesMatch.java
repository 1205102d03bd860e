package dev.packetpath.iptables.match;

import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.Direction;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Locale;

/**
 * {@code -m connbytes}: what the packet's connection has transferred, this packet included. A
 * packet whose connection is not accounted for never matches, inverted or not.
 *
 * <p>Loading such a rule switches accounting on in the kernel; here the settings of connection
 * tracking say whether it is on.
 *
 * <p>Source: net/netfilter/xt_connbytes.c, Linux 6.1; iptables 1.8.9, libxt_connbytes.c.
 *
 * @param from the least, unsigned
 * @param to the most, unsigned
 * @param inverted whether the sense is reversed
 * @param what what is counted
 * @param side which direction counts
 */
public record ConnbytesMatch(long from, long to, boolean inverted, Amount what, Side side)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("connbytes")
          .option(OptionSpec.value("--connbytes").orInverted())
          .option(OptionSpec.value("--connbytes-dir"))
          .option(OptionSpec.value("--connbytes-mode"))
          .readBy(ConnbytesMatch::read);

  private static final long UNLIMITED = -1;

  /** What is counted. */
  public enum Amount {
    /** Packets. */
    PACKETS,
    /** Bytes. */
    BYTES,
    /** Bytes over packets, rounded down. */
    AVGPKT
  }

  /** Which direction counts. */
  public enum Side {
    /** That of the first packet. */
    ORIGINAL,
    /** That of answers. */
    REPLY,
    /** Both together. */
    BOTH
  }

  private static ConnbytesMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--connbytes");
    String text = given.value();
    int colon = text.indexOf(':');
    String least = colon < 0 ? text : text.substring(0, colon);
    String most = colon < 0 ? "" : text.substring(colon + 1);
    long from = least.isEmpty() ? 0 : options.unsignedLong(given, least);
    long to = most.isEmpty() ? UNLIMITED : options.unsignedLong(given, most);
    if (Long.compareUnsigned(to, from) < 0) {
      throw options.error(given, "\"" + text + "\"", "a range whose end is not below its start");
    }
    Amount what = oneOf(options, "--connbytes-mode", Amount.class);
    Side side = oneOf(options, "--connbytes-dir", Side.class);
    return new ConnbytesMatch(from, to, given.inverted() && from != to, what, side);
  }

  private static <E extends Enum<E>> E oneOf(OptionValues options, String name, Class<E> type) {
    OptionValues.Given given = options.require(name);
    StringBuilder names = new StringBuilder("one of");
    for (E value : type.getEnumConstants()) {
      if (text(value).equals(given.value())) {
        return value;
      }
      names.append(' ').append(text(value));
    }
    throw options.error(given, "\"" + given.value() + "\"", names.toString());
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String name() {
    return "connbytes";
  }

  @Override
  public void print(OptionPrinter out) {
    boolean hidden = to == UNLIMITED || (to == 0 && !inverted);
    String most = hidden ? "" : ":" + Long.toUnsignedString(to);
    out.option(inverted, "--connbytes", Long.toUnsignedString(from) + most)
        .option("--connbytes-mode", text(what))
        .option("--connbytes-dir", text(side));
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(test(packet));
  }

  private boolean test(Packet packet) {
    Connection connection = PacketConnection.connectionOf(packet);
    if (!connection.isAccounted()) {
      return false;
    }
    long packets = 0;
    long bytes = 0;
    if (side != Side.REPLY) {
      packets = connection.packets(Direction.ORIGINAL);
      bytes = connection.bytes(Direction.ORIGINAL);
    }
    if (side != Side.ORIGINAL) {
      packets += connection.packets(Direction.REPLY);
      bytes += connection.bytes(Direction.REPLY);
    }
    long amount =
        switch (what) {
          case PACKETS -> packets;
          case BYTES -> bytes;
          case AVGPKT -> packets == 0 ? 0 : bytes / packets;
        };
    boolean within =
        Long.compareUnsigned(amount, from) >= 0 && Long.compareUnsigned(amount, to) <= 0;
    return within != inverted;
  }
}
