package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code lc}: the eligible server with the least load, whatever its weight; of equals the first on
 * the list. O(servers).
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_lc.c, Linux 6.1.
 */
final class LeastConnection implements Scheduler {
  private final SchedulerContext service;

  LeastConnection(SchedulerContext service) {
    this.service = service;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  public RealServer schedule(Packet packet) {
    RealServer head = service.head();
    RealServer least = RealServer.NONE;
    int leastLoad = 0;
    int steps = 0;
    for (RealServer server = head.next(); server != head; server = server.next()) {
      steps++;
      if (server.isEligible()) {
        int load = service.overhead(server);
        if (!least.exists() || Integer.compareUnsigned(load, leastLoad) < 0) {
          least = server;
          leastLoad = load;
        }
      }
    }
    service.countSteps(steps);
    return least;
  }
}
