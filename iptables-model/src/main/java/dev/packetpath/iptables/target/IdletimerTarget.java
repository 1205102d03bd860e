package dev.packetpath.iptables.target;

import com.google.common.collect.ImmutableSet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -j IDLETIMER}: starts a timer anew that user space watches, then goes on with the next
 * rule.
 *
 * <p>Source: net/netfilter/xt_IDLETIMER.c, Linux 6.1; iptables 1.8.9, libxt_IDLETIMER.c.
 *
 * @param seconds how long it runs, 1 to 2147482
 * @param label its name, 1 to 27 characters
 * @param alarm whether it also runs while the machine sleeps
 */
public record IdletimerTarget(int seconds, String label, boolean alarm) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("IDLETIMER")
          .option(OptionSpec.value("--timeout"))
          .option(OptionSpec.value("--label"))
          .option(OptionSpec.flag("--alarm"))
          .readBy(IdletimerTarget::read);

  private static final int MAX_SECONDS = Integer.MAX_VALUE / 1000 - 1;
  private static final int MAX_LABEL_CHARS = 27;

  /** Names that the directory of the timers' files has already. */
  private static final ImmutableSet<String> NO_LABELS =
      ImmutableSet.of(".", "..", "power", "subsystem", "uevent");

  private static IdletimerTarget read(OptionValues options) {
    OptionValues.Given timeout = options.require("--timeout");
    OptionValues.Given given = options.require("--label");
    String label = given.value();
    if (label.isEmpty() || label.indexOf('/') >= 0 || NO_LABELS.contains(label)) {
      throw options.error(given, "\"" + label + "\"", "a name that a file of sysfs can have");
    }
    return new IdletimerTarget(
        (int) options.number(timeout, timeout.value(), 1, MAX_SECONDS),
        label.length() > MAX_LABEL_CHARS ? label.substring(0, MAX_LABEL_CHARS) : label,
        options.has("--alarm"));
  }

  @Override
  public String name() {
    return "IDLETIMER";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option("--timeout", Integer.toString(seconds)).option("--label", label);
    if (alarm) {
      out.word("--alarm");
    }
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> TargetResult.CONTINUE;
  }
}
