package dev.packetpath.iptables;

import dev.packetpath.core.packet.Packet;

/** A {@link TupleShape} of an index with all that its keys take of it worked out. */
final class TupleProbe {
  private final TupleShape shape;
  private final long seed;
  private final boolean fixesNothing;
  private final boolean fitsKey;
  private final long beginning;
  private final long protocolMask;
  private final long sourceMask;
  private final long destinationMask;

  /**
   * Creates a probe.
   *
   * @param seed see {@link TupleShape#key}
   */
  TupleProbe(TupleShape shape, long seed) {
    this.shape = shape;
    this.seed = seed;
    this.fixesNothing = shape.fixesNothing();
    this.fitsKey = shape.fitsKey();
    this.beginning = TupleShape.beginning(seed);
    this.protocolMask = shape.protocol() ? -1 : 0;
    this.sourceMask = shape.sourceLow();
    this.destinationMask = shape.destinationLow();
  }

  /** Returns whether all packets have the same key. */
  boolean fixesNothing() {
    return fixesNothing;
  }

  /** Returns whether no other values have the same key, see {@link TupleShape#fitsKey}. */
  boolean fitsKey() {
    return fitsKey;
  }

  /**
   * Returns the key of a packet.
   *
   * @param in the number of the device that it came in by, if any rule of the index asks for one
   * @param out the number of the device that it leaves by
   */
  long key(Packet packet, int in, int out) {
    if (fitsKey) {
      long address =
          (packet.sourceLow() & sourceMask) | (packet.destinationLow() & destinationMask);
      return TupleShape.fitted(beginning, (packet.protocol() + 1) & protocolMask, address);
    }
    return shape.key(
        seed,
        packet.sourceHigh(),
        packet.sourceLow(),
        packet.destinationHigh(),
        packet.destinationLow(),
        packet.protocol(),
        in,
        out);
  }
}
