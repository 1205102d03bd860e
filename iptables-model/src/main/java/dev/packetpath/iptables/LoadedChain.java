package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;

/** A chain in a host, with what its policy counts. */
final class LoadedChain {
  static final LoadedChain NONE =
      new LoadedChain(new Chain("", java.util.Optional.empty(), Counters.ZERO, ImmutableList.of()));

  final String name;
  final boolean base;
  final Policy policy;
  final Counters policyBefore;
  LoadedRule[] rules = {};
  long policyPackets;
  long policyBytes;
  long endReached;

  /** Creates a chain whose rules are still to be set, since they may jump to one another. */
  LoadedChain(Chain chain) {
    this.name = chain.name();
    this.base = chain.isBase();
    this.policy = chain.policy().orElse(Policy.ACCEPT);
    this.policyBefore = chain.policyCounters();
    this.policyPackets = chain.policyCounters().packets();
    this.policyBytes = chain.policyCounters().bytes();
  }
}
