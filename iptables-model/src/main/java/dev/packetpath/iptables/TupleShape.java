package dev.packetpath.iptables;

/**
 * Which fields of the header a group of rules fixes, and under which masks: a tuple of tuple space
 * search (Srinivasan, Suri, Varghese: Packet Classification using Tuple Space Search, 1999).
 *
 * @param sourceHigh the upper half of the source's mask; 0 if it is not fixed or inverted
 * @param sourceLow the lower half
 * @param destinationHigh the upper half of the destination's mask
 * @param destinationLow the lower half
 * @param protocol whether the protocol is fixed
 * @param in whether the device it came in by is fixed by its whole name
 * @param out whether the device it is routed to is fixed by its whole name
 */
record TupleShape(
    long sourceHigh,
    long sourceLow,
    long destinationHigh,
    long destinationLow,
    boolean protocol,
    boolean in,
    boolean out) {
  private static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;
  private static final int ADDRESS_BITS = 32;
  private static final int SEED_SHIFT = 41;

  static TupleShape of(HeaderMatch header) {
    boolean source = !header.sourceInverted();
    boolean destination = !header.destinationInverted();
    return new TupleShape(
        source ? header.source().mask().high() : 0,
        source ? header.source().mask().low() : 0,
        destination ? header.destination().mask().high() : 0,
        destination ? header.destination().mask().low() : 0,
        header.protocol() != HeaderMatch.ANY_PROTOCOL && !header.protocolInverted(),
        isExact(header.in()),
        isExact(header.out()));
  }

  private static boolean isExact(DeviceMatch device) {
    return !device.isAny() && !device.inverted() && !device.pattern().endsWith("+");
  }

  /** Returns whether a header asks for nothing that this shape does not fix. */
  boolean covers(HeaderMatch header) {
    return !header.sourceInverted()
        && !header.destinationInverted()
        && (protocol || header.protocol() == HeaderMatch.ANY_PROTOCOL)
        && (in || header.in().isAny())
        && (out || header.out().isAny())
        && header.fragment() == HeaderMatch.Fragment.ANY;
  }

  /** Returns whether every packet is equal under this shape. */
  boolean fixesNothing() {
    return fixesDevicesAlone() && !in && !out;
  }

  /** Returns whether nothing is fixed but the devices, if they are. */
  boolean fixesDevicesAlone() {
    return (sourceHigh | sourceLow | destinationHigh | destinationLow) == 0 && !protocol;
  }

  /**
   * Returns whether all that the shape fixes has room in a key, with a seed below 2<sup>22</sup>.
   * Then no other values of this shape, nor any of another such shape, have the same key.
   */
  boolean fitsKey() {
    return (sourceHigh | destinationHigh) == 0
        && (sourceLow == 0 || destinationLow == 0)
        && (sourceLow | destinationLow) >>> ADDRESS_BITS == 0
        && !in
        && !out;
  }

  /** Returns the key of what the shape fixes; other values have other keys but for chance. */
  long key(
      long seed,
      long packetSourceHigh,
      long packetSourceLow,
      long packetDestinationHigh,
      long packetDestinationLow,
      int packetProtocol,
      int packetIn,
      int packetOut) {
    long rest = protocol ? packetProtocol + 1 : 0;
    if (fitsKey()) {
      long address = (packetSourceLow & sourceLow) | (packetDestinationLow & destinationLow);
      return fitted(beginning(seed), rest, address);
    }
    long key = mix(seed);
    key = mix(key ^ (packetSourceLow & sourceLow));
    key = mix(key ^ (packetDestinationLow & destinationLow));
    if ((sourceHigh | destinationHigh) != 0) {
      key = mix(key ^ (packetSourceHigh & sourceHigh));
      key = mix(key ^ (packetDestinationHigh & destinationHigh));
    }
    if (in || out) {
      rest |= (in ? packetIn + 2L : 0) << 9 | (out ? packetOut + 2L : 0) << 36;
    }
    return mix(key ^ rest);
  }

  /** Returns what the keys with a seed begin with that all fixed has room in. */
  static long beginning(long seed) {
    return seed << SEED_SHIFT;
  }

  /** Returns the key of what has room in it. */
  static long fitted(long beginning, long protocol, long address) {
    return mix(mix(beginning | protocol << ADDRESS_BITS | address));
  }

  /** Mixes bits, one to one. */
  private static long mix(long value) {
    long product = value * FACTOR;
    return product ^ product >>> 32;
  }

  /** Returns the key of a header of this shape. */
  long key(long seed, HeaderMatch header, DevicePatterns devices) {
    return key(
        seed,
        header.source().address().high(),
        header.source().address().low(),
        header.destination().address().high(),
        header.destination().address().low(),
        header.protocol(),
        in ? devices.numberOf(header.in().pattern()) : 0,
        out ? devices.numberOf(header.out().pattern()) : 0);
  }
}
