package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code lblc}: the server that the destination address had last, until it is removed, of weight 0,
 * or busier than another that is half idle; then what {@link WeightedLeastConnection} chooses. A
 * remembered server is used even if its threshold is reached. O(servers) at worst.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_lblc.c, Linux 6.1.
 */
final class LocalityLeastConnection implements Scheduler {
  private final SchedulerContext service;
  private final LocalityTable<RealServer> table;

  LocalityLeastConnection(SchedulerContext service) {
    this.service = service;
    this.table = new LocalityTable<>(service, RealServer::release);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same server, not an equal one
  public RealServer schedule(Packet packet) {
    RealServer remembered = table.use(packet);
    if (remembered != null
        && remembered.isAvailable()
        && remembered.weight() > 0
        && !Overload.isShared(remembered, service)) {
      return remembered;
    }
    RealServer server = WeightedLeastConnection.leastLoaded(service);
    boolean changes = server.exists() && server != remembered;
    if (changes && (remembered != null || table.hasRoom())) {
      server.hold();
      table.put(packet, server);
    }
    return server;
  }

  @Override
  public void stop() {
    table.clear();
  }
}
