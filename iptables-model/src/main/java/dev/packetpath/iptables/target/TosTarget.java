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
import dev.packetpath.iptables.syntax.TosValue;
import java.util.Optional;

/**
 * {@code -j TOS}: {@code tos = (tos & ~mask) ^ value} of the type-of-service byte or traffic class.
 *
 * <p>Source: net/netfilter/xt_DSCP.c, tos_tg, Linux 6.1; iptables 1.8.9, libxt_TOS.c.
 *
 * @param tos the value and the bits that are cleared first
 */
public record TosTarget(TosValue tos) implements Target {
  /** How it is written: all spellings become {@code --set-tos value/mask}. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("TOS")
          .option(OptionSpec.value("--set-tos"))
          .option(OptionSpec.value("--and-tos"))
          .option(OptionSpec.value("--or-tos"))
          .option(OptionSpec.value("--xor-tos"))
          .readBy(TosTarget::read);

  private static final Placement PLACEMENT = Placement.in(TableName.MANGLE);

  private static TosTarget read(OptionValues options) {
    OptionValues.Given given =
        options.exactlyOne("--set-tos", "--and-tos", "--or-tos", "--xor-tos");
    return new TosTarget(
        switch (given.option().name()) {
          case "--set-tos" -> TosValue.read(options, given);
          case "--and-tos" -> new TosValue(0, ~bits(options, given) & 0xff);
          case "--or-tos" -> new TosValue(bits(options, given), bits(options, given));
          default -> new TosValue(bits(options, given), 0);
        });
  }

  private static int bits(OptionValues options, OptionValues.Given given) {
    return (int) options.number(given, given.value(), 0, 0xff);
  }

  @Override
  public String name() {
    return "TOS";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option("--set-tos", tos.toString());
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> {
      packet.tos((packet.tos() & ~tos.mask()) ^ tos.value());
      return TargetResult.CONTINUE;
    };
  }
}
