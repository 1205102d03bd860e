package dev.packetpath.iptables.syntax;

import java.util.Arrays;

/**
 * Gives equal values one object, as far as it remembers the values before: rules of one program say
 * the same things again and again, and a ruleset then takes about half the heap.
 *
 * <p>A table with one place for each hash: what does not fit takes the place of another. Time and
 * space are fixed. Only for immutable values of which nobody asks the identity.
 */
final class SharedValues {
  private static final int PLACES = 1 << 12;

  private final Object[] values = new Object[PLACES];

  /** The hashes of the values, so that one that differs is not even looked at. */
  private final int[] hashes = new int[PLACES];

  SharedValues() {
    Arrays.fill(values, this);
  }

  /** Returns a value that is equal, perhaps an earlier one. */
  @SuppressWarnings("unchecked") // what is equal is of the same class
  <T> T share(T value) {
    int hash = value.hashCode() * 0x9e37_79b9;
    int place = hash >>> Integer.numberOfLeadingZeros(PLACES - 1);
    if (hashes[place] == hash && value.equals(values[place])) {
      return (T) values[place];
    }
    hashes[place] = hash;
    values[place] = value;
    return value;
  }
}
