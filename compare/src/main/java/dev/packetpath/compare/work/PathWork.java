package dev.packetpath.compare.work;

import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.compare.RulesPerConnection;
import java.util.Map;

/**
 * What the client's node does for a connection to a Service, as often as each operation runs.
 * Connections go to each Service and each of its endpoints alike; means have fractions.
 *
 * @param opening the first packet, in the mean; in userspace mode that of the proxy's own
 *     connection too
 * @param worstOpening the same for the connection that meets the most rules
 * @param rules how many rules the first packet meets
 * @param ruleBytes how much memory the rules take that all Services share
 * @param handshake the SYN-ACK and its ACK
 * @param sent a later packet of the client
 * @param received a later packet of the server
 */
public record PathWork(
    ImmutableSortedMap<String, Double> opening,
    ImmutableSortedMap<String, Double> worstOpening,
    RulesPerConnection rules,
    long ruleBytes,
    ImmutableSortedMap<String, Double> handshake,
    ImmutableSortedMap<String, Double> sent,
    ImmutableSortedMap<String, Double> received) {
  /** Returns how many rules of iptables and nftables some work evaluates. */
  public static double rules(Map<String, Double> work) {
    return work.getOrDefault("ruleEvaluated", 0.0) + work.getOrDefault("nftRuleEvaluated", 0.0);
  }

  /** Returns how many rules a later packet meets, in the mean over both directions. */
  public double rulesPerEstablishedPacket() {
    return (rules(sent) + rules(received)) / 2;
  }
}
