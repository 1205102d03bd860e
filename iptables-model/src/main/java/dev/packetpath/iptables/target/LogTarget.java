package dev.packetpath.iptables.target;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -j LOG}: writes the packet to the kernel's log, then goes on with the next rule.
 *
 * <p>Source: net/netfilter/xt_LOG.c, Linux 6.1; iptables 1.8.9, libxt_LOG.c.
 *
 * @param prefix what the line begins with, at most 29 characters, "" for nothing
 * @param level the syslog level, 0 to 7
 * @param details what else is logged, those of {@link #DETAILS} in their order
 */
public record LogTarget(String prefix, int level, ImmutableList<String> details) implements Target {
  /** The level of a rule that names none: warning. */
  public static final int DEFAULT_LEVEL = 4;

  /** The options that say what else is logged, as the real tool orders them. */
  public static final ImmutableList<String> DETAILS =
      ImmutableList.of(
          "--log-tcp-sequence",
          "--log-tcp-options",
          "--log-ip-options",
          "--log-uid",
          "--log-macdecode");

  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("LOG")
          .option(OptionSpec.value("--log-prefix"))
          .option(OptionSpec.value("--log-level"))
          .option(OptionSpec.flag("--log-tcp-sequence"))
          .option(OptionSpec.flag("--log-tcp-options"))
          .option(OptionSpec.flag("--log-ip-options"))
          .option(OptionSpec.flag("--log-uid"))
          .option(OptionSpec.flag("--log-macdecode"))
          .readBy(LogTarget::read);

  private static final ImmutableMap<String, Integer> LEVELS =
      ImmutableMap.<String, Integer>builder()
          .put("emerg", 0)
          .put("panic", 0)
          .put("alert", 1)
          .put("crit", 2)
          .put("error", 3)
          .put("warning", 4)
          .put("notice", 5)
          .put("info", 6)
          .put("debug", 7)
          .buildOrThrow();

  private static final int MAX_PREFIX_CHARS = 29;

  /**
   * Checks prefix and level.
   *
   * @throws IllegalArgumentException if the prefix is too long or the level out of range
   */
  public LogTarget {
    checkArgument(
        prefix.length() <= MAX_PREFIX_CHARS, "at most 29 characters, found \"%s\"", prefix);
    checkArgument(level >= 0 && level <= 7, "a syslog level is 0..7, found %s", level);
  }

  private static LogTarget read(OptionValues options) {
    return new LogTarget(
        Prefixes.read(options, "--log-prefix", MAX_PREFIX_CHARS),
        options.get("--log-level").map(given -> level(options, given)).orElse(DEFAULT_LEVEL),
        DETAILS.stream().filter(options::has).collect(ImmutableList.toImmutableList()));
  }

  private static int level(OptionValues options, OptionValues.Given given) {
    Integer named = LEVELS.get(given.value());
    if (named != null) {
      return named;
    }
    long number = Numbers.parse(given.value());
    if (number < 0 || number > 7) {
      throw options.error(
          given, "\"" + given.value() + "\"", "a syslog level, 0 to 7 or " + LEVELS.keySet());
    }
    return (int) number;
  }

  @Override
  public String name() {
    return "LOG";
  }

  @Override
  public void print(OptionPrinter out) {
    if (!prefix.isEmpty()) {
      out.word("--log-prefix").quoted(prefix);
    }
    if (level != DEFAULT_LEVEL) {
      out.option("--log-level", Integer.toString(level));
    }
    details.forEach(out::word);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> TargetResult.CONTINUE;
  }
}
