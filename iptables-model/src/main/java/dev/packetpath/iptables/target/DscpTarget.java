package dev.packetpath.iptables.target;

import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.DscpClasses;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code -j DSCP}: another class of service; the two ECN bits stay.
 *
 * <p>Source: net/netfilter/xt_DSCP.c, dscp_tg, Linux 6.1; iptables 1.8.9, libxt_DSCP.c; RFC 2474.
 *
 * @param dscp the class, 0 to 63
 */
public record DscpTarget(int dscp) implements Target {
  /** How it is written: names of classes become numbers. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("DSCP")
          .option(OptionSpec.value("--set-dscp"))
          .option(OptionSpec.value("--set-dscp-class"))
          .readBy(DscpTarget::read);

  private static final Placement PLACEMENT = Placement.in(TableName.MANGLE);
  private static final int MAX = 0x3f;
  private static final int ECN_BITS = 0x03;

  private static DscpTarget read(OptionValues options) {
    OptionValues.Given given = options.exactlyOne("--set-dscp", "--set-dscp-class");
    return new DscpTarget(
        given.option().name().equals("--set-dscp")
            ? (int) options.number(given, given.value(), 0, MAX)
            : DscpClasses.read(options, given));
  }

  @Override
  public String name() {
    return "DSCP";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option("--set-dscp", String.format(Locale.ROOT, "0x%02x", dscp));
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> {
      packet.tos((packet.tos() & ECN_BITS) | dscp << 2);
      return TargetResult.CONTINUE;
    };
  }
}
