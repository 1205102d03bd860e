package dev.packetpath.iptables.target;

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
 * {@code -j TRACE}: every later rule that the packet matches is logged.
 *
 * <p>Source: net/netfilter/xt_TRACE.c, Linux 6.1.
 */
public record TraceTarget() implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("TRACE").readBy(options -> new TraceTarget());

  private static final Placement PLACEMENT = Placement.in(TableName.RAW);

  @Override
  public String name() {
    return "TRACE";
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
      packet.traced(true);
      return TargetResult.CONTINUE;
    };
  }
}
