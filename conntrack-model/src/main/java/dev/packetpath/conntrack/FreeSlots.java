package dev.packetpath.conntrack;

/**
 * The slots that were given back, the first of them first. Apart from the rows, so that none is
 * read. A ring of a power of two of places: fastutil's IntArrayFIFOQueue, whose length is any,
 * takes 50 instructions instead of 12 to be asked for its size and for a slot.
 *
 * <p>Hot: all methods. They do not allocate, except that {@link #add} may make room.
 */
final class FreeSlots {
  private int[] ring = new int[EntryStore.UNTOUCHED];

  // How many slots were ever taken and added, modulo 2^32.
  private int taken;
  private int added;

  /** Returns how many there are. */
  int size() {
    return added - taken;
  }

  /** Adds a slot behind the others. */
  void add(int slot) {
    if (size() == ring.length) {
      grow();
    }
    ring[added++ & (ring.length - 1)] = slot;
  }

  /** Takes the first one, which there must be. */
  int take() {
    return ring[taken++ & (ring.length - 1)];
  }

  private void grow() {
    int[] larger = new int[2 * ring.length];
    int count = size();
    for (int i = 0; i < count; i++) {
      larger[i] = take();
    }
    ring = larger;
    taken = 0;
    added = count;
  }
}
