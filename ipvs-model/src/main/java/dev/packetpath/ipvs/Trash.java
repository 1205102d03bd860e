package dev.packetpath.ipvs;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Removed servers that something still refers to, or did until two minutes ago. A server that is
 * added again is taken from here with its counters (ip_vs_trash_get_dest and
 * ip_vs_dest_trash_expire of net/netfilter/ipvs/ip_vs_ctl.c, Linux 6.1).
 */
final class Trash {
  private static final long ROUND_NS = 60 * VirtualClock.NS_PER_SECOND;
  private static final long IDLE_NS = 120 * VirtualClock.NS_PER_SECOND;

  private record Removed(ServiceKey service, RealServer server) {}

  private final List<Removed> removed = new ArrayList<>();
  private final ConnectionTimers timers;
  private ConnectionTimers.Place nextRound = ConnectionTimers.Place.NEVER;

  Trash(ConnectionTimers timers) {
    this.timers = timers;
  }

  void add(ServiceKey service, RealServer server, long nowNs) {
    if (removed.isEmpty()) {
      nextRound = timers.start(nextRound, nowNs, ROUND_NS);
    }
    removed.add(new Removed(service, server));
    server.remove();
  }

  /** Returns the server that a service had, which is then no longer here, or a new one. */
  RealServer reviveOrMake(ServiceKey service, IpAddress address, int port) {
    for (int i = removed.size() - 1; i >= 0; i--) {
      Removed candidate = removed.get(i);
      RealServer server = candidate.server;
      if (server.port() == port
          && server.address().equals(address)
          && candidate.service.equals(service)) {
        removed.remove(i);
        return server;
      }
    }
    return RealServer.at(address, port);
  }

  /** Returns when the trash is looked through next. */
  ConnectionTimers.Place nextRound() {
    return nextRound;
  }

  void runRound() {
    long nowNs = nextRound.atNs();
    Iterator<Removed> all = removed.iterator();
    while (all.hasNext()) {
      RealServer server = all.next().server;
      if (server.isReferenced()) {
        continue;
      }
      if (server.idleSinceNs() < 0) {
        server.idleSinceNs(nowNs);
      } else if (nowNs >= server.idleSinceNs() + IDLE_NS) {
        all.remove();
      }
    }
    nextRound =
        removed.isEmpty() ? ConnectionTimers.Place.NEVER : timers.start(nextRound, nowNs, ROUND_NS);
  }
}
