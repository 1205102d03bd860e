package dev.packetpath.iptables.target;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Locale;
import java.util.function.Function;

/**
 * What {@code -j TTL} and {@code -j HL} do with the time to live or hop limit.
 *
 * <p>Source: net/netfilter/xt_HL.c, Linux 6.1.
 *
 * @param mode how it changes
 * @param amount the new value, or by how much it changes, 0 to 255
 */
public record HopLimitChange(Mode mode, int amount) {
  /** How it changes. */
  public enum Mode {
    /** To a fixed value. */
    SET,
    /** Downwards, not below 0. */
    DEC,
    /** Upwards, not above 255. */
    INC
  }

  private static final int MAX = 255;

  /**
   * Checks the amount.
   *
   * @throws IllegalArgumentException if it is not 0 to 255
   */
  public HopLimitChange {
    checkArgument(amount >= 0 && amount <= MAX, "an amount is 0..255, found %s", amount);
  }

  /** Returns the syntax of a target whose options begin with {@code --ttl} or {@code --hl}. */
  static ExtensionSyntax<Target> syntax(
      String name, IpFamily family, Function<HopLimitChange, Target> maker) {
    String option = "--" + name.toLowerCase(Locale.ROOT) + "-";
    return ExtensionSyntax.<Target>named(name)
        .only(family)
        .option(OptionSpec.value(option + "set"))
        .option(OptionSpec.value(option + "dec"))
        .option(OptionSpec.value(option + "inc"))
        .readBy(options -> maker.apply(read(options, option)));
  }

  private static HopLimitChange read(OptionValues options, String option) {
    if (options.all().size() != 1) {
      throw options.missing("exactly one of " + option + "set " + option + "dec " + option + "inc");
    }
    OptionValues.Given given = options.all().get(0);
    String mode = given.option().name().substring(option.length()).toUpperCase(Locale.ROOT);
    int min = mode.equals("SET") ? 0 : 1;
    return new HopLimitChange(
        Mode.valueOf(mode), (int) options.number(given, given.value(), min, MAX));
  }

  void print(OptionPrinter out, String target) {
    String option =
        "--" + target.toLowerCase(Locale.ROOT) + "-" + mode.name().toLowerCase(Locale.ROOT);
    out.option(option, Integer.toString(amount));
  }

  TargetFunction compile() {
    return (packet, state) -> {
      packet.ttl(after(packet.ttl()));
      return TargetResult.CONTINUE;
    };
  }

  private int after(int before) {
    return switch (mode) {
      case SET -> amount;
      case DEC -> Math.max(before - amount, 0);
      case INC -> Math.min(before + amount, MAX);
    };
  }
}
