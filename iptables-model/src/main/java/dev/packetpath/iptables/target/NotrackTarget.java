package dev.packetpath.iptables.target;

import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import java.util.Optional;

/**
 * {@code -j NOTRACK}: the packet gets no connection and no NAT. The same as {@code -j CT
 * --notrack}, but the real tool keeps the two spellings apart.
 *
 * <p>Source: net/netfilter/xt_CT.c, notrack_tg, Linux 6.1.
 */
public record NotrackTarget() implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("NOTRACK").readBy(options -> new NotrackTarget());

  private static final Placement PLACEMENT = Placement.in(TableName.RAW);

  @Override
  public String name() {
    return "NOTRACK";
  }

  @Override
  public void print(OptionPrinter out) {}

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> {
      PacketConnection.untrack(packet);
      return TargetResult.CONTINUE;
    };
  }
}
