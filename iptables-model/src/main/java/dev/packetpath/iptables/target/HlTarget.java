package dev.packetpath.iptables.target;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import java.util.Optional;

/**
 * {@code -j HL}: another hop limit in an IPv6 packet.
 *
 * <p>Source: net/netfilter/xt_HL.c, hl_tg6, Linux 6.1.
 *
 * @param change what becomes of it
 */
public record HlTarget(HopLimitChange change) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      HopLimitChange.syntax("HL", IpFamily.IPV6, HlTarget::new);

  private static final Placement PLACEMENT = Placement.in(TableName.MANGLE);

  @Override
  public String name() {
    return "HL";
  }

  @Override
  public void print(OptionPrinter out) {
    change.print(out, name());
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return change.compile();
  }
}
