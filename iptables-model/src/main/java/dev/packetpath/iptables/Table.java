package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;

/**
 * A table as written.
 *
 * @param name which of the five
 * @param chains base chains first, then user chains, as iptables-save prints them
 */
public record Table(TableName name, ImmutableList<Chain> chains) {
  /** Returns the number of rules of all chains. */
  public int ruleCount() {
    return chains.stream().mapToInt(chain -> chain.rules().size()).sum();
  }
}
