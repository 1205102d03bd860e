package dev.packetpath.iptables.target;

import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -j NFLOG}: hands the packet to a logging program, then goes on with the next rule.
 *
 * <p>Source: net/netfilter/xt_NFLOG.c, Linux 6.1; iptables 1.8.9, libxt_NFLOG.c.
 *
 * @param prefix what the message begins with, at most 63 characters, "" for nothing
 * @param group the group that programs listen to, 0 to 65535
 * @param limit which option limits the bytes handed over
 * @param bytes that limit, unsigned, 0 without one
 * @param threshold the packets collected before they are handed over, 0 to 65535
 */
public record NflogTarget(String prefix, int group, Limit limit, int bytes, int threshold)
    implements Target {
  /** Which option limits the bytes handed over. */
  public enum Limit {
    /** None. */
    NONE,
    /** {@code --nflog-range}, which the kernel ignores. */
    RANGE,
    /** {@code --nflog-size}. */
    SIZE
  }

  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("NFLOG")
          .option(OptionSpec.value("--nflog-prefix"))
          .option(OptionSpec.value("--nflog-group"))
          .option(OptionSpec.value("--nflog-range"))
          .option(OptionSpec.value("--nflog-size"))
          .option(OptionSpec.value("--nflog-threshold"))
          .readBy(NflogTarget::read);

  private static final int MAX_PREFIX_CHARS = 63;
  private static final long MAX_BYTES = 0xffff_ffffL;

  private static NflogTarget read(OptionValues options) {
    int range = (int) options.number("--nflog-range", 0, MAX_BYTES, 0);
    int size = (int) options.number("--nflog-size", 0, MAX_BYTES, 0);
    if (options.has("--nflog-range") && options.has("--nflog-size")) {
      throw options.error(
          options.require("--nflog-range"), "--nflog-range beside --nflog-size", "one of them");
    }
    Limit limit = range == 0 ? Limit.NONE : Limit.RANGE;
    return new NflogTarget(
        Prefixes.read(options, "--nflog-prefix", MAX_PREFIX_CHARS),
        (int) options.number("--nflog-group", 0, 0xffff, 0),
        options.has("--nflog-size") ? Limit.SIZE : limit,
        options.has("--nflog-size") ? size : range,
        (int) options.number("--nflog-threshold", 0, 0xffff, 0));
  }

  @Override
  public String name() {
    return "NFLOG";
  }

  @Override
  public void print(OptionPrinter out) {
    if (!prefix.isEmpty()) {
      out.word("--nflog-prefix").quoted(prefix);
    }
    if (group != 0) {
      out.option("--nflog-group", Integer.toString(group));
    }
    if (limit != Limit.NONE) {
      out.option(
          limit == Limit.SIZE ? "--nflog-size" : "--nflog-range", Integer.toUnsignedString(bytes));
    }
    if (threshold != 0) {
      out.option("--nflog-threshold", Integer.toString(threshold));
    }
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> TargetResult.CONTINUE;
  }
}
