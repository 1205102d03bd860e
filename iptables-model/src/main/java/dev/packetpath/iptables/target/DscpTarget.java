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
    if (options.all().size() != 1) {
      throw options.missing("exactly one of --set-dscp --set-dscp-class");
    }
    OptionValues.Given given = options.all().get(0);
    return new DscpTarget(
        given.option().name().equals("--set-dscp")
            ? (int) options.number(given, given.value(), 0, MAX)
            : classNumber(options, given));
  }

  private static int classNumber(OptionValues options, OptionValues.Given given) {
    String name = given.value().toUpperCase(Locale.ROOT);
    if (name.equals("BE")) {
      return 0;
    }
    if (name.equals("EF")) {
      return 46;
    }
    if (name.matches("CS[0-7]")) {
      return (name.charAt(2) - '0') << 3;
    }
    if (name.matches("AF[1-4][1-3]")) {
      return (name.charAt(2) - '0') << 3 | (name.charAt(3) - '0') << 1;
    }
    throw options.error(given, "\"" + given.value() + "\"", "BE, EF, CS0 to CS7 or AF11 to AF43");
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
