package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;

/**
 * What an update changed in a program.
 *
 * @param chains the places of the chains that were replaced or made; their counters start at 0
 * @param separated the chains whose only caller counted for them so far
 */
record ProgramUpdate(ImmutableList<Integer> chains, ImmutableList<Separated> separated) {
  /**
   * A chain that counts the walks that enter it by itself from now on.
   *
   * @param chain its place
   * @param caller where the counters of the rule stand that counted them
   */
  record Separated(int chain, int caller) {}
}
