package dev.packetpath.iptables.target;

import dev.packetpath.conntrack.ManipType;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.conntrack.NatRange;
import dev.packetpath.core.Hook;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetForm;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -j DNAT}: another destination for all packets of the connection.
 *
 * <p>Source: net/netfilter/xt_nat.c, xt_dnat_target_v2, Linux 6.1.
 *
 * @param range what the new destination is chosen from
 */
public record DnatTarget(NatRange range) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("DNAT")
          .option(OptionSpec.value("--to-destination"))
          .option(OptionSpec.flag(NatText.RANDOM))
          .option(OptionSpec.flag(NatText.PERSISTENT))
          .readBy(DnatTarget::read);

  private static final Placement PLACEMENT =
      Placement.in(TableName.NAT).at(Hook.PREROUTING, Hook.OUTPUT);

  private static DnatTarget read(OptionValues options) {
    NatRange.Builder range = NatText.flags(options);
    OptionValues.Given given = options.require("--to-destination");
    NatText.readRange(options, given, range, NatText.Base.KEPT);
    return new DnatTarget(range.build());
  }

  @Override
  public boolean sharesState() {
    return range.looksForPort();
  }

  @Override
  public String name() {
    return "DNAT";
  }

  @Override
  public void print(OptionPrinter out) {
    NatText.printRange(out, "--to-destination", range);
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
  public TargetForm form() {
    return range.isOne()
        ? new TargetForm.SendTo(
            range.minAddress(), range.portsGiven() ? range.minPort() : TargetForm.OWN_PORT)
        : TargetForm.FUNCTION;
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    Nat nat = context.nat();
    return (packet, state) -> TargetResult.of(nat.setUp(packet, range, ManipType.DESTINATION));
  }
}
