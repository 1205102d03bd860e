package dev.packetpath.conntrack.capacity;

/** Amounts that fall due in slices of time to come. */
final class Schedule {
  private final double[] due;

  /** Creates a schedule of so many slices; what falls due later is forgotten. */
  Schedule(int slices) {
    due = new double[slices];
  }

  /** Adds an amount to a slice. */
  void add(int slice, double amount) {
    if (slice < due.length) {
      due[slice] += amount;
    }
  }

  /** Adds an amount so many slices after one, shared between the two slices that this touches. */
  void add(int slice, double amount, double later) {
    if (amount == 0 || later >= due.length) {
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
    return due[slice];
  }
}
