package dev.packetpath.ipvs;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.net.IpAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * What routers said about the length of packets to real servers of IPv4 in tunnels (the exceptions
 * of net/ipv4/route.c, Linux 6.1, by its default settings).
 */
final class PathMtus {
  private static final int LEAST = 552;
  private static final long VALID_NS = 600 * VirtualClock.NS_PER_SECOND;

  private record Learned(int mtu, long untilNs) {
    static final Learned NOTHING = new Learned(0, Long.MIN_VALUE);
  }

  private final VirtualClock clock;
  private final Map<IpAddress, Learned> learned = new HashMap<>();

  PathMtus(VirtualClock clock) {
    this.clock = clock;
  }

  /** Notes what a router said about an address; more than is known already says nothing. */
  void learn(IpAddress address, int mtu, Route route) {
    int known = of(address, route);
    if (known >= mtu) {
      int heeded = mtu < LEAST ? Math.min(known, LEAST) : mtu;
      learned.put(address, new Learned(heeded, clock.nowNs() + VALID_NS));
    }
  }

  /** Returns how long a packet to an address may be. */
  int of(IpAddress address, Route route) {
    if (learned.isEmpty()) {
      return route.largestPacket();
    }
    Learned exception = learned.getOrDefault(address, Learned.NOTHING);
    return clock.nowNs() < exception.untilNs
        ? Math.min(exception.mtu, route.largestPacket())
        : route.largestPacket();
  }

  /** Returns whether a shorter length than that of the route is known for an address. */
  boolean isShorter(IpAddress address, Route route) {
    return of(address, route) < route.largestPacket();
  }
}
