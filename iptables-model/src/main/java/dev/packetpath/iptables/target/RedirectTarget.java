package dev.packetpath.iptables.target;

import dev.packetpath.conntrack.Nat;
import dev.packetpath.conntrack.NatRange;
import dev.packetpath.core.Hook;
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
 * {@code -j REDIRECT}: this host itself as destination.
 *
 * <p>Source: net/netfilter/xt_REDIRECT.c and nf_nat_redirect.c, Linux 6.1.
 *
 * @param range the ports and whether they are drawn; it holds no address
 */
public record RedirectTarget(NatRange range) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("REDIRECT")
          .option(OptionSpec.value("--to-ports"))
          .option(OptionSpec.flag(NatText.RANDOM))
          .readBy(RedirectTarget::read);

  private static final Placement PLACEMENT =
      Placement.in(TableName.NAT).at(Hook.PREROUTING, Hook.OUTPUT);

  private static RedirectTarget read(OptionValues options) {
    NatRange.Builder range = NatText.flags(options);
    options
        .get("--to-ports")
        .ifPresent(
            given -> NatText.readPorts(options, given, given.value(), range, NatText.Base.REFUSED));
    return new RedirectTarget(range.build());
  }

  @Override
  public boolean sharesState() {
    return range.looksForPort();
  }

  @Override
  public String name() {
    return "REDIRECT";
  }

  @Override
  public void print(OptionPrinter out) {
    if (range.portsGiven()) {
      out.option("--to-ports", NatText.ports(range));
    }
    NatText.printFlags(out, range);
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    Nat nat = context.nat();
    return (packet, state) -> TargetResult.of(nat.redirect(packet, range, state));
  }
}
