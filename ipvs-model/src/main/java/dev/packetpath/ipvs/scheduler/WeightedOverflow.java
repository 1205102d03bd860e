package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code ovf}: the server of the highest weight among the eligible ones that have no more active
 * connections than weight; of equals the first on the list. O(servers).
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_ovf.c, Linux 6.1.
 */
final class WeightedOverflow implements Scheduler {
  private final SchedulerContext service;

  WeightedOverflow(SchedulerContext service) {
    this.service = service;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  public RealServer schedule(Packet packet) {
    RealServer head = service.head();
    RealServer highest = RealServer.NONE;
    int highestWeight = 0;
    int steps = 0;
    for (RealServer server = head.next(); server != head; server = server.next()) {
      steps++;
      int weight = server.weight();
      if (server.isEligible() && server.activeConnections() <= weight && weight > highestWeight) {
        highest = server;
        highestWeight = weight;
      }
    }
    service.countSteps(steps);
    return highest;
  }
}
