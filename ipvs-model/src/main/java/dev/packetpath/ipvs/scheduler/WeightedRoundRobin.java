package dev.packetpath.ipvs.scheduler;

import com.google.common.math.IntMath;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;
import java.math.RoundingMode;

/**
 * {@code wrr}: rounds over the list in which the least weight that takes part falls by the greatest
 * common divisor of the weights, from the largest weight to 1. Amortized O(1) while most servers
 * are eligible. Rounds in which no server can be found are counted and not walked: a server that is
 * overloaded may have a weight of 2<sup>31</sup> - 1 and all others one of 1.
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
    long steps = 0;
    boolean searched = false;
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
      if (searched) {
        steps += passOverVainRounds();
      }
      searched = true;
      lastRound = requiredWeight <= step;
      if (lastRound && restarted && start != head) {
        stop = start;
      }
    }
    current = server;
    service.countSteps(steps);
    return found;
  }

  /** Requires what some server has or the last round asks; returns the steps that this saves. */
  private long passOverVainRounds() {
    int heaviest = step;
    for (RealServer server = service.head().next();
        server != service.head();
        server = server.next()) {
      if (!server.isOverloaded()) {
        heaviest = Math.max(heaviest, server.weight());
      }
    }
    int rounds = Math.max(0, IntMath.divide(requiredWeight - heaviest, step, RoundingMode.CEILING));
    requiredWeight -= rounds * step;
    return (long) rounds * service.size();
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
