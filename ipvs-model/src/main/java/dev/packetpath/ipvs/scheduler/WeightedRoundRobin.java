package dev.packetpath.ipvs.scheduler;

import com.google.common.math.IntMath;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code wrr}: rounds over the list in which the least weight that takes part falls by the greatest
 * common divisor of the weights, from the largest weight to 1. Amortized O(1) while most servers
 * are eligible.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_wrr.c, Linux 6.1.
 */
final class WeightedRoundRobin implements Scheduler {
  private final SchedulerContext service;
  private RealServer current;
  private int step;
  private int largestWeight;
  private int requiredWeight;

  WeightedRoundRobin(SchedulerContext service) {
    this.service = service;
    this.current = service.head();
    measure();
    this.requiredWeight = largestWeight;
  }

  private void measure() {
    int divisor = 0;
    int largest = 0;
    for (RealServer server = service.head().next();
        server != service.head();
        server = server.next()) {
      divisor = IntMath.gcd(divisor, server.weight());
      largest = Math.max(largest, server.weight());
    }
    step = Math.max(divisor, 1);
    // The last round is to require 1 and not the divisor.
    largestWeight = largest - (step - 1);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  public RealServer schedule(Packet packet) {
    if (largestWeight == 0) {
      return RealServer.NONE;
    }
    RealServer head = service.head();
    RealServer start = current;
    RealServer stop = RealServer.NONE;
    boolean lastRound = false;
    boolean restarted = false;
    int steps = 0;
    RealServer server = current;
    RealServer found = RealServer.NONE;
    while (true) {
      server = server.next();
      if (server != head) {
        steps++;
        if (!server.isOverloaded() && server.weight() >= requiredWeight) {
          found = server;
          break;
        }
        if (server == stop) {
          break;
        }
        continue;
      }
      requiredWeight -= step;
      if (requiredWeight <= 0) {
        requiredWeight = largestWeight;
        if (lastRound || start == head) {
          break;
        }
        restarted = true;
      }
      lastRound = requiredWeight <= step;
      if (lastRound && restarted && start != head) {
        stop = start;
      }
    }
    current = server;
    service.countSteps(steps);
    return found;
  }

  private void changed() {
    current = service.head();
    measure();
    if (requiredWeight > largestWeight || requiredWeight == 0) {
      requiredWeight = largestWeight;
    } else if (step > 1) {
      requiredWeight = requiredWeight / step * step + 1;
    }
  }

  @Override
  public void added(RealServer server) {
    changed();
  }

  @Override
  public void removed(RealServer server) {
    changed();
  }

  @Override
  public void edited(RealServer server) {
    changed();
  }
}
