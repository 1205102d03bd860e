package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code sed}: the eligible server whose active connections, the new one included, are fewest for
 * its weight; of equals the first on the list. O(servers).
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_sed.c, Linux 6.1.
 */
final class ShortestExpectedDelay implements Scheduler {
  private final SchedulerContext service;

  ShortestExpectedDelay(SchedulerContext service) {
    this.service = service;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  public RealServer schedule(Packet packet) {
    RealServer head = service.head();
    RealServer least = RealServer.NONE;
    int steps = 0;
    for (RealServer server = head.next(); server != head; server = server.next()) {
      steps++;
      if (server.isEligible() && (!least.exists() || isShorter(server, least))) {
        least = server;
      }
    }
    service.countSteps(steps);
    return least;
  }

  /** Returns whether a client would wait less at one server than at another. */
  static boolean isShorter(RealServer server, RealServer least) {
    return (least.activeConnections() + 1L) * server.weight()
        > (server.activeConnections() + 1L) * least.weight();
  }
}
