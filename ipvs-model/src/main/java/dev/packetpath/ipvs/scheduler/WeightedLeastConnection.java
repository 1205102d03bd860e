package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code wlc}: the eligible server with the least load for its weight; of equals the first on the
 * list. O(servers).
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_wlc.c, Linux 6.1.
 */
final class WeightedLeastConnection implements Scheduler {
  private final SchedulerContext service;

  WeightedLeastConnection(SchedulerContext service) {
    this.service = service;
  }

  @Override
  public RealServer schedule(Packet packet) {
    return leastLoaded(service);
  }

  /** Returns what this scheduler chooses from a list, as the locality schedulers do too. */
  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  static RealServer leastLoaded(SchedulerContext service) {
    RealServer head = service.head();
    RealServer least = RealServer.NONE;
    long leastLoad = 0;
    int steps = 0;
    for (RealServer server = head.next(); server != head; server = server.next()) {
      steps++;
      if (server.isEligible()) {
        long load = service.overhead(server);
        if (!least.exists() || leastLoad * server.weight() > load * least.weight()) {
          least = server;
          leastLoad = load;
        }
      }
    }
    service.countSteps(steps);
    return least;
  }
}
