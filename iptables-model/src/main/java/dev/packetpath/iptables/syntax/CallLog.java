package dev.packetpath.iptables.syntax;

import java.util.Arrays;

/** Which chain of a table calls which, by the chains' numbers, in the order of the rules. */
final class CallLog {
  private int[] callers = new int[64];
  private int[] called = new int[64];
  private int size;

  /** Notes a call. */
  void add(int callerNumber, int calledNumber) {
    if (size == callers.length) {
      callers = Arrays.copyOf(callers, 2 * size);
      called = Arrays.copyOf(called, 2 * size);
    }
    callers[size] = callerNumber;
    called[size++] = calledNumber;
  }

  int size() {
    return size;
  }

  int caller(int call) {
    return callers[call];
  }

  int called(int call) {
    return called[call];
  }
}
