package dev.packetpath.iptables.target;

import dev.packetpath.core.Hook;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code -j CLASSIFY}: the packet's priority, {@code major:minor} of a traffic class.
 *
 * <p>Source: net/netfilter/xt_CLASSIFY.c, Linux 6.1; iptables 1.8.9, libxt_CLASSIFY.c.
 *
 * @param priority major in the upper 16 bits, minor in the lower
 */
public record ClassifyTarget(int priority) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("CLASSIFY")
          .option(OptionSpec.value("--set-class"))
          .readBy(ClassifyTarget::read);

  private static final Placement PLACEMENT =
      Placement.ANYWHERE.at(Hook.OUTPUT, Hook.FORWARD, Hook.POSTROUTING);

  /**
   * As scanf reads it: hexadecimal, of which the lower 16 bits count, and no matter what behind.
   */
  private static final Pattern CLASS =
      Pattern.compile("(?:0[xX])?([0-9a-fA-F]{1,8}):(?:0[xX])?([0-9a-fA-F]{1,8}).*");

  private static ClassifyTarget read(OptionValues options) {
    OptionValues.Given given = options.require("--set-class");
    Matcher matcher = CLASS.matcher(given.value());
    if (!matcher.matches()) {
      throw options.error(
          given, "\"" + given.value() + "\"", "MAJOR:MINOR, two hexadecimal numbers");
    }
    int major = Integer.parseUnsignedInt(matcher.group(1), 16);
    int minor = Integer.parseUnsignedInt(matcher.group(2), 16);
    return new ClassifyTarget(major << 16 | (minor & 0xffff));
  }

  @Override
  public String name() {
    return "CLASSIFY";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(
        "--set-class", String.format(Locale.ROOT, "%04x:%04x", priority >>> 16, priority & 0xffff));
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> {
      packet.priority(priority);
      return TargetResult.CONTINUE;
    };
  }
}
