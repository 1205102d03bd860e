package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;

/**
 * What an update changed in a program.
 *
 * @param chains the places of the chains that were replaced or made; their counters start at 0
 * @param recounted the chains whose entering walks are counted elsewhere now
 */
record ProgramUpdate(ImmutableList<Integer> chains, ImmutableList<Recounted> recounted) {
  /**
   * A chain whose entering walks are counted elsewhere.
   *
   * @param chain its place
   * @param before its {@link ChainCode#ENTRY} up to now
   */
  record Recounted(int chain, int before) {}
}
