package dev.packetpath.iptables.target;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code -j TOS}: {@code tos = (tos & ~mask) ^ value} of the type-of-service byte or traffic class.
 *
 * <p>Source: net/netfilter/xt_DSCP.c, tos_tg, Linux 6.1; iptables 1.8.9, libxt_TOS.c.
 *
 * @param value the value, 0 to 255
 * @param mask the bits that are cleared first
 */
public record TosTarget(int value, int mask) implements Target {
  /** How it is written: all spellings become {@code --set-tos value/mask}. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("TOS")
          .option(OptionSpec.value("--set-tos"))
          .option(OptionSpec.value("--and-tos"))
          .option(OptionSpec.value("--or-tos"))
          .option(OptionSpec.value("--xor-tos"))
          .readBy(TosTarget::read);

  private static final Placement PLACEMENT = Placement.in(TableName.MANGLE);
  private static final ImmutableMap<String, Integer> NAMES =
      ImmutableMap.of(
          "minimize-delay", 0x10,
          "maximize-throughput", 0x08,
          "maximize-reliability", 0x04,
          "minimize-cost", 0x02,
          "normal-service", 0x00);
  private static final int MASK_OF_NAMES = 0x3f;
  private static final int ALL = 0xff;

  private static TosTarget read(OptionValues options) {
    if (options.all().size() != 1) {
      throw options.missing("exactly one of --set-tos --and-tos --or-tos --xor-tos");
    }
    OptionValues.Given given = options.all().get(0);
    return switch (given.option().name()) {
      case "--set-tos" -> set(options, given);
      case "--and-tos" -> new TosTarget(0, ~bits(options, given, given.value()) & ALL);
      case "--or-tos" -> {
        int bits = bits(options, given, given.value());
        yield new TosTarget(bits, bits);
      }
      default -> new TosTarget(bits(options, given, given.value()), 0);
    };
  }

  private static TosTarget set(OptionValues options, OptionValues.Given given) {
    String text = given.value();
    Integer named = NAMES.get(text.toLowerCase(Locale.ROOT));
    if (named != null) {
      return new TosTarget(named, MASK_OF_NAMES);
    }
    int slash = text.indexOf('/');
    return slash < 0
        ? new TosTarget(bits(options, given, text), ALL)
        : new TosTarget(
            bits(options, given, text.substring(0, slash)),
            bits(options, given, text.substring(slash + 1)));
  }

  private static int bits(OptionValues options, OptionValues.Given given, String text) {
    long bits = Numbers.parse(text);
    if (bits < 0 || bits > ALL) {
      throw options.error(
          given,
          "\"" + text + "\"",
          "a number 0 to 255, or for --set-tos one of " + NAMES.keySet());
    }
    return (int) bits;
  }

  @Override
  public String name() {
    return "TOS";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option("--set-tos", String.format(Locale.ROOT, "0x%02x/0x%02x", value, mask));
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> {
      packet.tos((packet.tos() & ~mask) ^ value);
      return TargetResult.CONTINUE;
    };
  }
}
