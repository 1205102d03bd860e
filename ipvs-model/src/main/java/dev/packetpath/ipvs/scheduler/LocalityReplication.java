package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code lblcr}: the least loaded of the servers that the destination address has had. When that is
 * busier than another that is half idle, what {@link WeightedLeastConnection} chooses joins them;
 * when they have been the same for a day, the most loaded leaves. O(servers) at worst.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_lblcr.c, Linux 6.1.
 */
final class LocalityReplication implements Scheduler {
  private final SchedulerContext service;
  private final LocalityTable<ServerSet> table;

  LocalityReplication(SchedulerContext service) {
    this.service = service;
    this.table = new LocalityTable<>(service, ServerSet::clear);
  }

  @Override
  public RealServer schedule(Packet packet) {
    ServerSet set = table.use(packet);
    if (set != null) {
      RealServer server = set.leastLoaded(service);
      if (set.size() > 1 && service.nowNs() - set.changedNs() > service.localityExpirationNs()) {
        set.removeMostLoaded(service);
      }
      if (server.exists() && !Overload.isShared(server, service)) {
        return server;
      }
    }
    RealServer server = WeightedLeastConnection.leastLoaded(service);
    if (!server.exists()) {
      return server;
    }
    if (set != null) {
      set.add(server, service.nowNs());
    } else if (table.hasRoom()) {
      ServerSet first = new ServerSet();
      first.add(server, service.nowNs());
      table.put(packet, first);
    }
    return server;
  }

  @Override
  public void stop() {
    table.clear();
  }
}
