package dev.packetpath.iptables.match;

import dev.packetpath.core.Hook;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m devgroup}: the groups of the devices. All devices are taken to be in group 0, in which
 * a device is born.
 *
 * <p>Source: net/netfilter/xt_devgroup.c, Linux 6.1.
 *
 * @param source the group of the device it came in by, if asked for
 * @param destination the group of the device it is routed to, if asked for
 */
public record DevgroupMatch(Optional<NamedBits> source, Optional<NamedBits> destination)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("devgroup")
          .option(OptionSpec.value("--src-group").orInverted())
          .option(OptionSpec.value("--dst-group").orInverted())
          .readBy(DevgroupMatch::read);

  private static final String GROUP_0 = "default";

  private static DevgroupMatch read(OptionValues options) {
    if (options.all().isEmpty()) {
      throw options.missing("--src-group or --dst-group");
    }
    return new DevgroupMatch(
        options.get("--src-group").map(given -> NamedBits.read(options, given, GROUP_0)),
        options.get("--dst-group").map(given -> NamedBits.read(options, given, GROUP_0)));
  }

  @Override
  public String name() {
    return "devgroup";
  }

  @Override
  public void print(OptionPrinter out) {
    source.ifPresent(group -> group.print(out, "--src-group", GROUP_0));
    destination.ifPresent(group -> group.print(out, "--dst-group", GROUP_0));
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    if (source.isPresent() && !place.onlyFrom(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD)) {
      return Optional.of(
          new Refusal(
              "--src-group reached from OUTPUT or POSTROUTING",
              "it reached from PREROUTING, INPUT and FORWARD alone"));
    }
    if (destination.isPresent() && !place.onlyFrom(Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING)) {
      return Optional.of(
          new Refusal(
              "--dst-group reached from PREROUTING or INPUT",
              "it reached from FORWARD, OUTPUT and POSTROUTING alone"));
    }
    return Optional.empty();
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    MatchResult result = MatchResult.of(holdsGroup0(source) && holdsGroup0(destination));
    return (packet, state) -> result;
  }

  private static boolean holdsGroup0(Optional<NamedBits> group) {
    return group.isEmpty()
        || ((group.get().value() & group.get().mask()) == 0) != group.get().inverted();
  }
}
