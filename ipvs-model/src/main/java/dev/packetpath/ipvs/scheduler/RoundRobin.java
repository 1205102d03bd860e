package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code rr}: each eligible server in turn, whatever its weight. O(1) while most are eligible.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_rr.c, Linux 6.1.
 */
final class RoundRobin implements Scheduler {
  private final SchedulerContext service;
  private RealServer last;

  RoundRobin(SchedulerContext service) {
    this.service = service;
    this.last = service.head();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  public RealServer schedule(Packet packet) {
    RealServer head = service.head();
    RealServer start = last;
    int steps = 0;
    RealServer server = start.next();
    while (true) {
      if (server != head) {
        steps++;
        if (server.isEligible()) {
          last = server;
          break;
        }
      }
      if (server == start) {
        server = RealServer.NONE;
        break;
      }
      server = server.next();
    }
    service.countSteps(steps);
    return server;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same server, not an equal one
  public void removed(RealServer server) {
    if (last == server) {
      last = server.previous();
    }
  }
}
