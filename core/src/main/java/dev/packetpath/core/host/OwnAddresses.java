package dev.packetpath.core.host;

import java.util.BitSet;
import java.util.List;

/**
 * Tells of most addresses that no device has them: a bit for each hash of an address that one has,
 * of 64 times as many. A received packet's source is asked for, which takes less than to find it in
 * the local table. Immutable.
 */
final class OwnAddresses {
  private static final int HASHES_OF_ADDRESS = 64;
  private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;

  private final BitSet hashes = new BitSet();
  private final int shift;

  private OwnAddresses(List<DeviceAddress> addresses) {
    this.shift = Long.numberOfLeadingZeros((long) HASHES_OF_ADDRESS * (addresses.size() + 1));
    addresses.forEach(address -> hashes.set(hash(address.local().low())));
  }

  static OwnAddresses of(List<DeviceAddress> addresses) {
    return new OwnAddresses(addresses);
  }

  /** Returns whether a device may have an address with these lower 64 bits; false if none does. */
  boolean mayHave(long low) {
    return hashes.get(hash(low));
  }

  private int hash(long low) {
    long mixed = low * GOLDEN_GAMMA;
    return (int) (((mixed ^ mixed >>> 32) * GOLDEN_GAMMA) >>> shift);
  }
}
