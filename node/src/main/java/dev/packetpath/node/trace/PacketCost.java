package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.core.cost.Cost;
import dev.packetpath.core.cost.CostModel;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.EntrySize;
import dev.packetpath.iptables.TableEvent;
import dev.packetpath.iptables.TableName;
import dev.packetpath.node.PacketResult;

/**
 * The work that packets took.
 *
 * @param rules how many rules of each loaded table were evaluated
 * @param ruleBytes how much of the kernel's memory those rules take
 * @param work how often each primitive operation ran, by name
 */
public record PacketCost(
    ImmutableMap<TableName, Long> rules, long ruleBytes, ImmutableSortedMap<String, Long> work) {
  static PacketCost of(TracedPacket packet) {
    IpFamily family = packet.packet().family();
    PacketResult result = packet.result();
    long ruleBytes =
        result.events().stream()
            .filter(TableEvent.Evaluated.class::isInstance)
            .mapToLong(event -> EntrySize.of(((TableEvent.Evaluated) event).rule(), family))
            .sum();
    return new PacketCost(result.rulesTraversed(), ruleBytes, result.work());
  }

  /**
   * Returns what the work costs where packets like this one come one after the other, so that each
   * rule is met again after as many bytes as this packet walked.
   *
   * @throws IllegalArgumentException if an operation has no cost
   */
  public Cost cost(CostModel costs) {
    return costs.cost(work, ruleBytes);
  }

  /** Returns the number of rules evaluated: in all tables of iptables, and of nftables. */
  public long totalRules() {
    return rules.values().stream().mapToLong(Long::longValue).sum() + nftRules();
  }

  /** Returns the number of rules of nftables evaluated. */
  public long nftRules() {
    return work.getOrDefault("nftRuleEvaluated", 0L);
  }

  /** Returns how often keys were looked up in maps and sets of nftables. */
  public long nftLookups() {
    return work.getOrDefault("nftMapLookup", 0L) + work.getOrDefault("nftSetLookup", 0L);
  }

  /** Returns how often matches were called. */
  public long matchCalls() {
    return work.getOrDefault("matchCall", 0L);
  }

  /** Returns how many operations connection tracking did. */
  public long conntrackOperations() {
    return sumOf("conntrack");
  }

  /** Returns how many operations address translation did. */
  public long natOperations() {
    return sumOf("nat");
  }

  /** Returns how many operations ip_vs did. */
  public long ipvsOperations() {
    return sumOf("ipvs");
  }

  /** Returns how many routes were looked up. */
  public long routeLookups() {
    return work.getOrDefault("routeLookup", 0L);
  }

  private long sumOf(String prefix) {
    return work.entrySet().stream()
        .filter(operation -> operation.getKey().startsWith(prefix))
        .mapToLong(operation -> operation.getValue())
        .sum();
  }
}
