package dev.packetpath.iptables.target;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -j REJECT}: drops the packet and tells its sender so, with an ICMP error or a TCP RST.
 *
 * <p>Source: net/ipv4/netfilter/ipt_REJECT.c and net/ipv6/netfilter/ip6t_REJECT.c, Linux 6.1;
 * iptables 1.8.9, libipt_REJECT.c and libip6t_REJECT.c.
 *
 * @param type what the sender is told
 */
public record RejectTarget(RejectType type) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("REJECT")
          .option(OptionSpec.value("--reject-with"))
          .readBy(RejectTarget::read);

  private static final Placement PLACEMENT =
      Placement.in(TableName.FILTER).at(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT);
  private static final Placement RESET_PLACEMENT = PLACEMENT.forProtocols(IpProtocol.TCP);

  private static RejectTarget read(OptionValues options) {
    return new RejectTarget(
        options
            .get("--reject-with")
            .map(given -> type(options, given))
            .orElse(RejectType.defaultOf(options.family())));
  }

  private static RejectType type(OptionValues options, OptionValues.Given given) {
    return RejectType.startingWith(given.value(), options.family())
        .orElseThrow(
            () ->
                options.error(
                    given,
                    "\"" + given.value() + "\"",
                    "one of "
                        + RejectType.of(options.family()).stream().map(RejectType::text).toList()));
  }

  @Override
  public String name() {
    return "REJECT";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option("--reject-with", type.text());
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    String what = type == RejectType.TCP_RESET ? "REJECT --reject-with tcp-reset" : "REJECT";
    return (type == RejectType.TCP_RESET ? RESET_PLACEMENT : PLACEMENT).refusal(what, place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    RejectAnswer answer = new RejectAnswer(context);
    return (packet, state) -> {
      if (type == RejectType.TCP_RESET) {
        answer.reset(packet);
      } else {
        answer.unreachable(packet, state, type.code());
      }
      return TargetResult.DROP;
    };
  }
}
