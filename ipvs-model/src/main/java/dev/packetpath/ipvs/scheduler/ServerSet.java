package dev.packetpath.ipvs.scheduler;

import dev.packetpath.ipvs.RealServer;
import java.util.ArrayList;
import java.util.List;

/** The servers that lblcr remembers of one destination address, the one added last first. */
final class ServerSet {
  private final List<RealServer> newestLast = new ArrayList<>(1);
  private long changedNs;

  void add(RealServer server, long nowNs) {
    if (!newestLast.contains(server)) {
      server.hold();
      newestLast.add(server);
      changedNs = nowNs;
    }
  }

  int size() {
    return newestLast.size();
  }

  long changedNs() {
    return changedNs;
  }

  /** Returns the eligible server with the least load for its weight. */
  RealServer leastLoaded(SchedulerContext service) {
    RealServer least = RealServer.NONE;
    long leastLoad = 0;
    for (int i = newestLast.size() - 1; i >= 0; i--) {
      RealServer server = newestLast.get(i);
      if (server.isEligible() && server.isAvailable()) {
        long load = service.overhead(server);
        if (!least.exists() || leastLoad * server.weight() > load * least.weight()) {
          least = server;
          leastLoad = load;
        }
      }
    }
    service.countSteps(newestLast.size());
    return least;
  }

  /** Takes out the server of some weight with the most load for its weight. */
  void removeMostLoaded(SchedulerContext service) {
    RealServer most = RealServer.NONE;
    long mostLoad = 0;
    for (int i = newestLast.size() - 1; i >= 0; i--) {
      RealServer server = newestLast.get(i);
      if (server.weight() > 0) {
        long load = service.overhead(server);
        if (!most.exists() || mostLoad * server.weight() < load * most.weight()) {
          most = server;
          mostLoad = load;
        }
      }
    }
    service.countSteps(newestLast.size());
    if (most.exists()) {
      newestLast.remove(most);
      most.release();
      changedNs = service.nowNs();
    }
  }

  void clear() {
    newestLast.forEach(RealServer::release);
    newestLast.clear();
  }
}
