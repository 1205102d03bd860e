package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code nq}: the first eligible server without an active connection; if there is none, what {@link
 * ShortestExpectedDelay} chooses. O(servers).
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_nq.c, Linux 6.1.
 */
final class NeverQueue implements Scheduler {
  private final SchedulerContext service;

  NeverQueue(SchedulerContext service) {
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
      if (!server.isEligible()) {
        continue;
      }
      if (server.activeConnections() == 0) {
        least = server;
        break;
      }
      if (!least.exists() || ShortestExpectedDelay.isShorter(server, least)) {
        least = server;
      }
    }
    service.countSteps(steps);
    return least;
  }
}
