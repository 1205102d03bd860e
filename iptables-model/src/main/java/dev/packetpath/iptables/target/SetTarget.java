package dev.packetpath.iptables.target;

import dev.packetpath.core.Hook;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.ipset.MapOptions;
import dev.packetpath.iptables.ipset.PacketAdd;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -j SET}: adds what the packet shows to a set, removes it, or takes mark and priority from
 * the element that the packet hits.
 *
 * <p>Source: net/netfilter/xt_set.c, set_target_v3, Linux 6.1; iptables 1.8.9, libxt_SET.c.
 *
 * @param added the set that grows, {@link SetSide#NONE} for none
 * @param addition how it grows
 * @param deleted the set that shrinks, {@link SetSide#NONE} for none
 * @param mapped the set that is asked, {@link SetSide#NONE} for none
 * @param mapping what is taken from it
 */
public record SetTarget(
    SetSide added, PacketAdd addition, SetSide deleted, SetSide mapped, MapOptions mapping)
    implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("SET")
          .option(OptionSpec.twoValues("--add-set").orInverted())
          .option(OptionSpec.twoValues("--del-set").orInverted())
          .option(OptionSpec.twoValues("--map-set").orInverted())
          .option(OptionSpec.flag("--exist"))
          .option(OptionSpec.value("--timeout"))
          .option(OptionSpec.flag("--map-mark"))
          .option(OptionSpec.flag("--map-prio"))
          .option(OptionSpec.flag("--map-queue"))
          .readBy(SetTarget::read);

  private static final Placement MAP_PLACEMENT = Placement.in(TableName.MANGLE);
  private static final Placement MAP_QUEUE_PLACEMENT =
      MAP_PLACEMENT.at(Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING);
  private static final MapOptions NO_MAPPING = new MapOptions(false, false, false);
  private static final long MAX_TIMEOUT = 0xffff_fffeL;

  private static SetTarget read(OptionValues options) {
    if (!options.has("--add-set") && !options.has("--del-set") && !options.has("--map-set")) {
      throw options.missing("--add-set, --del-set or --map-set");
    }
    onlyBeside(options, "--add-set", "--exist", "--timeout");
    onlyBeside(options, "--map-set", "--map-mark", "--map-prio", "--map-queue");
    MapOptions mapping =
        new MapOptions(
            options.has("--map-mark"), options.has("--map-prio"), options.has("--map-queue"));
    if (options.has("--map-set") && mapping.equals(NO_MAPPING)) {
      throw options.error(
          options.require("--map-set"),
          "--map-set alone",
          "--map-mark, --map-prio or --map-queue beside it");
    }
    return new SetTarget(
        SetSide.read(options, "--add-set"),
        new PacketAdd(
            options.has("--exist"),
            options.number("--timeout", 0, MAX_TIMEOUT, PacketAdd.DEFAULT.timeoutSeconds())),
        SetSide.read(options, "--del-set"),
        SetSide.read(options, "--map-set"),
        mapping);
  }

  private static void onlyBeside(OptionValues options, String main, String... others) {
    for (String other : others) {
      if (options.has(other) && !options.has(main)) {
        throw options.error(options.require(other), other + " without " + main, main);
      }
    }
  }

  @Override
  public boolean sharesState() {
    return true;
  }

  @Override
  public String name() {
    return "SET";
  }

  @Override
  public void print(OptionPrinter out) {
    added.print(out, "--add-set");
    if (addition.exist()) {
      out.word("--exist");
    }
    if (addition.timeoutSeconds() != PacketAdd.DEFAULT.timeoutSeconds()) {
      out.option("--timeout", Long.toString(addition.timeoutSeconds()));
    }
    deleted.print(out, "--del-set");
    mapped.print(out, "--map-set");
    if (mapping.mark()) {
      out.word("--map-mark");
    }
    if (mapping.priority()) {
      out.word("--map-prio");
    }
    if (mapping.queue()) {
      out.word("--map-queue");
    }
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    if (mapping.priority() || mapping.queue()) {
      return MAP_QUEUE_PLACEMENT.refusal("SET --map-prio or --map-queue", place);
    }
    return mapping.mark() ? MAP_PLACEMENT.refusal("SET --map-set", place) : Optional.empty();
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    TargetFunction add =
        added.compile(
            context,
            set -> (packet, state) -> set.add(packet, state, added.dimensions(), addition));
    TargetFunction delete =
        deleted.compile(
            context, set -> (packet, state) -> set.delete(packet, state, deleted.dimensions()));
    TargetFunction map =
        mapped.compile(
            context,
            set -> (packet, state) -> set.map(packet, state, mapped.dimensions(), mapping));
    return (packet, state) -> {
      add.run(packet, state);
      delete.run(packet, state);
      return map.run(packet, state);
    };
  }
}
