package dev.packetpath.iptables.target;

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
 * {@code -j NFQUEUE}: hands the packet to a program, which decides. The model knows of no such
 * program: the packet ends in the queue, or, with {@code --queue-bypass}, goes on behind the table,
 * as in a kernel where nobody listens. Behind the nat table its connection is not bound.
 *
 * <p>Source: net/netfilter/xt_NFQUEUE.c and nf_queue.c, Linux 6.1; iptables 1.8.9, libxt_NFQUEUE.c.
 *
 * @param first the number of the queue, or of the first of several, 0 to 65535
 * @param last the number of the last queue
 * @param bypass whether the packet goes on if nobody listens
 * @param cpuFanout whether the processor, not the flow, chooses among several queues
 */
public record NfqueueTarget(int first, int last, boolean bypass, boolean cpuFanout)
    implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("NFQUEUE")
          .option(OptionSpec.value("--queue-num"))
          .option(OptionSpec.value("--queue-balance"))
          .option(OptionSpec.flag("--queue-bypass"))
          .option(OptionSpec.flag("--queue-cpu-fanout"))
          .readBy(NfqueueTarget::read);

  private static final int MAX = 0xffff;

  private static NfqueueTarget read(OptionValues options) {
    boolean balance = options.has("--queue-balance");
    if (balance && options.has("--queue-num")) {
      throw options.error(
          options.require("--queue-num"), "--queue-num beside --queue-balance", "one of them");
    }
    if (!balance && options.has("--queue-cpu-fanout")) {
      throw options.missing("--queue-balance, which --queue-cpu-fanout needs");
    }
    int first = (int) options.number("--queue-num", 0, MAX, 0);
    int last = first;
    if (balance) {
      OptionValues.Given given = options.require("--queue-balance");
      String text = given.value();
      int colon = text.indexOf(':');
      first = colon < 0 ? -1 : (int) Numbers.parse(text.substring(0, colon));
      last = colon < 0 ? -1 : (int) Numbers.parse(text.substring(colon + 1));
      if (first < 0 || last > MAX || first >= last || last - first == MAX) {
        throw options.error(
            given, "\"" + text + "\"", "FIRST:LAST, ascending, at most 65535 queues");
      }
    }
    return new NfqueueTarget(
        first, last, options.has("--queue-bypass"), options.has("--queue-cpu-fanout"));
  }

  @Override
  public String name() {
    return "NFQUEUE";
  }

  @Override
  public void print(OptionPrinter out) {
    if (first == last) {
      out.option("--queue-num", Integer.toString(first));
    } else {
      out.option("--queue-balance", first + ":" + last);
    }
    if (bypass) {
      out.word("--queue-bypass");
    }
    if (cpuFanout) {
      out.word("--queue-cpu-fanout");
    }
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    TargetResult result = bypass ? TargetResult.QUEUE_BYPASS : TargetResult.QUEUE;
    return (packet, state) -> result;
  }
}
