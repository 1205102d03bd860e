package dev.packetpath.ipvs.scheduler;

import dev.packetpath.ipvs.RealServer;

/** When lblc and lblcr leave a server that they remember. */
final class Overload {
  private Overload() {}

  /**
   * Returns whether a server has more active connections than weight, and another one fewer than
   * half. O(servers) if the first holds.
   */
  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  static boolean isShared(RealServer server, SchedulerContext service) {
    if (server.activeConnections() <= server.weight()) {
      return false;
    }
    RealServer head = service.head();
    int steps = 0;
    boolean found = false;
    for (RealServer other = head.next(); other != head && !found; other = other.next()) {
      steps++;
      found = other.activeConnections() * 2 < other.weight();
    }
    service.countSteps(steps);
    return found;
  }
}
