package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code fo}: the eligible server of the highest weight; of equals the first on the list.
 * O(servers).
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_fo.c, Linux 6.1.
 */
final class WeightedFailover implements Scheduler {
  private final SchedulerContext service;

  WeightedFailover(SchedulerContext service) {
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
      if (!server.isOverloaded() && server.weight() > highestWeight) {
        highest = server;
        highestWeight = server.weight();
      }
    }
    service.countSteps(steps);
    return highest;
  }
}
