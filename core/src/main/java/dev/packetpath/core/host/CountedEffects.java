package dev.packetpath.core.host;

import com.google.common.collect.ImmutableList;

/**
 * What hook functions do for all packets of a kind. Packets are counted here, and by the functions
 * when somebody reads what these counted. Belongs to one thread.
 */
public sealed class CountedEffects permits RecordedPath {
  private final int generation;
  private ImmutableList<PathEffect> effects;
  private long packets;
  private long bytes;

  CountedEffects(int generation, ImmutableList<PathEffect> effects) {
    this.generation = generation;
    this.effects = effects;
  }

  final int generation() {
    return generation;
  }

  /** Lets go of the functions, when they do something else from now on. */
  final void end() {
    effects = ImmutableList.of();
  }

  /** Counts a packet; returns whether it is the first since {@link #tell}. */
  final boolean count(int length) {
    bytes += length;
    return packets++ == 0;
  }

  /** Lets the functions count the packets that passed since this was asked last. */
  final void tell() {
    for (PathEffect effect : effects) {
      effect.add(packets, bytes);
    }
    packets = 0;
    bytes = 0;
  }
}
