package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.host.Errno;
import dev.packetpath.iptables.TableName;

/**
 * What became of one packet.
 *
 * @param emissions what came out, in order: the packet itself and answers to it
 * @param errno what a local sender was told
 * @param rulesTraversed how many rules of each loaded table were evaluated, both families together
 * @param work how often each primitive operation ran, by name
 * @param events what happened, if the host's trace was on
 */
public record PacketResult(
    ImmutableList<Emission> emissions,
    Errno errno,
    ImmutableMap<TableName, Long> rulesTraversed,
    ImmutableSortedMap<String, Long> work,
    ImmutableList<TraceEvent> events) {
  /** Returns the number of rules evaluated in all tables of iptables. */
  public long totalRulesTraversed() {
    return rulesTraversed.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the number of rules of nftables evaluated. */
  public long nftRulesTraversed() {
    return work.getOrDefault("nftRuleEvaluated", 0L);
  }
}
