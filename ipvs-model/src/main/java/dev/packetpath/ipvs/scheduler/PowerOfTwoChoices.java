package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code twos}: two servers drawn by weight, of which the one less loaded for its weight wins
 * (Mitzenmacher, The Power of Two Choices in Randomized Load Balancing). O(servers).
 *
 * <p>Draws range from 0 to the sum of the weights with both ends included, so that the server added
 * last has one share more than its weight. Loads are compared in 32 bits.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_twos.c, Linux 6.1.
 */
final class PowerOfTwoChoices implements Scheduler {
  private final SchedulerContext service;

  PowerOfTwoChoices(SchedulerContext service) {
    this.service = service;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  public RealServer schedule(Packet packet) {
    RealServer head = service.head();
    long totalWeight = 0;
    int steps = 0;
    for (RealServer server = head.next(); server != head; server = server.next()) {
      steps++;
      if (server.isEligible()) {
        totalWeight += server.weight();
      }
    }
    service.countSteps(steps);
    if (totalWeight == 0) {
      return RealServer.NONE;
    }
    RealServer first = drawn(draw(totalWeight));
    RealServer second = drawn(draw(totalWeight));
    boolean secondIsLighter =
        second.weight() * service.overhead(first) > first.weight() * service.overhead(second);
    return secondIsLighter ? second : first;
  }

  private long draw(long totalWeight) {
    return Integer.toUnsignedLong(service.randomBits()) % (totalWeight + 1);
  }

  /** Returns the eligible server at which the weights so far reach a draw. */
  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  private RealServer drawn(long draw) {
    RealServer head = service.head();
    long left = draw;
    int steps = 0;
    RealServer server = head.next();
    while (server != head) {
      steps++;
      if (server.isEligible()) {
        left -= server.weight();
        if (left <= 0) {
          break;
        }
      }
      server = server.next();
    }
    service.countSteps(steps);
    return server;
  }
}
