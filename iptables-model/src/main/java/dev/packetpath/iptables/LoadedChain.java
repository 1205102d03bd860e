package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/** A chain in a host, with what its policy counted there. */
final class LoadedChain {
  static final LoadedChain NONE =
      new LoadedChain(new Chain("", Optional.empty(), Counters.ZERO, ImmutableList.of()));

  final String name;
  Policy policy;
  LoadedRule[] rules = {};
  long policyPackets;
  long policyBytes;
  long endReached;

  /** Creates a chain whose rules are still to be set, since they may jump to one another. */
  LoadedChain(Chain chain) {
    this.name = chain.name();
    this.policy = chain.policy().orElse(Policy.ACCEPT);
  }

  /** Empties the chain, to be filled as it is written now. */
  void clear(Chain chain) {
    policy = chain.policy().orElse(Policy.ACCEPT);
    policyPackets = 0;
    policyBytes = 0;
    endReached = 0;
  }

  void addCounters(LoadedChain other) {
    policyPackets += other.policyPackets;
    policyBytes += other.policyBytes;
    endReached += other.endReached;
    for (int i = 0; i < rules.length; i++) {
      rules[i].addCounters(other.rules[i]);
    }
  }
}
