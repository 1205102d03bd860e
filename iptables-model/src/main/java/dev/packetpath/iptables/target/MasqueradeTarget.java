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
 * {@code -j MASQUERADE}: the address of the device that the packet leaves by as source.
 *
 * <p>Source: net/netfilter/xt_MASQUERADE.c and nf_nat_masquerade.c, Linux 6.1.
 *
 * @param range the ports and flags; it holds no address
 */
public record MasqueradeTarget(NatRange range) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("MASQUERADE")
          .option(OptionSpec.value("--to-ports"))
          .option(OptionSpec.flag(NatText.RANDOM))
          .option(OptionSpec.flag(NatText.RANDOM_FULLY))
          .readBy(MasqueradeTarget::read);

  private static final Placement PLACEMENT = Placement.in(TableName.NAT).at(Hook.POSTROUTING);

  private static MasqueradeTarget read(OptionValues options) {
    NatRange.Builder range = NatText.flags(options);
    options
        .get("--to-ports")
        .ifPresent(
            given -> NatText.readPorts(options, given, given.value(), range, NatText.Base.LOST));
    return new MasqueradeTarget(range.build());
  }

  @Override
  public boolean sharesState() {
    return true;
  }

  @Override
  public String name() {
    return "MASQUERADE";
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
    return (packet, state) -> TargetResult.of(nat.masquerade(packet, range, state.out()));
  }
}
