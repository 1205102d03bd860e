package dev.packetpath.conntrack.capacity;

/** Amounts that fall due in slices of time to come. */
final class Schedule {
  private double[] due = new double[64];

  /** Adds an amount to a slice. */
  void add(int slice, double amount) {
    while (slice >= due.length) {
      due = java.util.Arrays.copyOf(due, 2 * due.length);
    }
    due[slice] += amount;
  }

  /** Adds an amount so many slices after one, shared between the two slices that this touches. */
  void add(int slice, double amount, double later) {
    if (amount == 0 || later > Integer.MAX_VALUE / 4) {
      return;
    }
    int whole = (int) later;
    double part = later - whole;
    add(slice + whole, amount * (1 - part));
    if (part > 0) {
      add(slice + whole + 1, amount * part);
    }
  }

  double at(int slice) {
    return slice < due.length ? due[slice] : 0;
  }
}
