package dev.packetpath.node.cost;

import dev.packetpath.core.cost.RuleCost;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.EntrySize;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.node.Node;

/**
 * How the packets that a node was given used its rules: how often each was evaluated, and how many
 * bytes of rules were walked in between.
 */
public final class RuleUse {
  private final Node node;
  private long walkedBytes;
  private long touchedBytes;
  private long evaluated;
  private double ns;

  private RuleUse(Node node) {
    this.node = node;
  }

  /** Takes the bytes of a rule that was evaluated, and how often it was. */
  @FunctionalInterface
  private interface Sink {
    void take(int bytes, long times);
  }

  /**
   * Returns what a rule took in the mean, nanoseconds, since the tables were loaded. A rule that
   * was evaluated n times was met again after an n-th of all bytes that were walked, or after all
   * bytes of rules that were touched, if those are fewer. Takes time linear in the rules.
   *
   * @return {@link RuleCost#inCacheNs()} if none was evaluated
   */
  public static double meanNs(Node node, RuleCost costs) {
    return new RuleUse(node).meanNs(costs);
  }

  private double meanNs(RuleCost costs) {
    each(
        (bytes, times) -> {
          walkedBytes += bytes * times;
          touchedBytes += bytes;
          evaluated += times;
        });
    each(
        (bytes, times) ->
            ns += times * costs.ns(Math.min((double) touchedBytes, (double) walkedBytes / times)));
    return evaluated == 0 ? costs.inCacheNs() : ns / evaluated;
  }

  private void each(Sink sink) {
    for (IpFamily family : IpFamily.values()) {
      if (node.iptables(family).isPresent()) {
        each(node.iptables(family).get(), family, sink);
      }
    }
  }

  private static void each(Iptables iptables, IpFamily family, Sink sink) {
    for (LoadedTable table : iptables.tables()) {
      for (Chain chain : table.snapshot().chains()) {
        long[] times = table.evaluated(chain.name());
        for (int i = 0; i < times.length; i++) {
          if (times[i] > 0) {
            sink.take(EntrySize.of(chain.rules().get(i), family), times[i]);
          }
        }
      }
    }
  }
}
