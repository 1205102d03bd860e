package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;
import dev.packetpath.ipvs.SchedulerFlag;

/**
 * {@code sh}: the server of the bucket that the client's address falls into, and its port with
 * {@code sh-port}. A server has as many buckets in a row as its weight, but at least one. O(1).
 *
 * <p>A server that takes nothing costs its clients their connections, unless {@code sh-fallback}
 * looks on from there.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_sh.c, Linux 6.1.
 */
final class SourceHashing implements Scheduler {
  private static final int TABLE_BITS = 8;
  private static final int TABLE_SIZE = 1 << TABLE_BITS;
  private static final int TABLE_MASK = TABLE_SIZE - 1;

  private final SchedulerContext service;
  private final SlotTable buckets = new SlotTable(TABLE_SIZE);

  SourceHashing(SchedulerContext service) {
    this.service = service;
    fill();
  }

  private void fill() {
    buckets.restart(service);
    int servers = service.size();
    if (servers == 0) {
      return;
    }
    int place = 0;
    int left = 0;
    for (int slot = 0; slot < TABLE_SIZE; slot++) {
      if (left == 0) {
        place = place % servers + 1;
        left = Math.max(1, buckets.server(place).weight());
      }
      buckets.set(slot, place);
      left--;
    }
  }

  @Override
  public RealServer schedule(Packet packet) {
    int port = service.has(SchedulerFlag.FLAG_2) ? Folding.sourcePort(packet) : 0;
    int hash = Folding.hash32(Folding.source(packet) + port, TABLE_BITS);
    RealServer server = buckets.get(hash);
    if (server.isEligible()) {
      service.countSteps(1);
      return server;
    }
    return service.has(SchedulerFlag.FLAG_1) && server.exists() ? fallback(hash) : none();
  }

  private RealServer fallback(int hash) {
    for (int i = 0; i < TABLE_SIZE; i++) {
      int offset = (i + hash) & TABLE_MASK;
      RealServer server = buckets.get((offset + hash) & TABLE_MASK);
      if (server.isEligible()) {
        service.countSteps(i + 2);
        return server;
      }
    }
    service.countSteps(TABLE_SIZE + 1);
    return RealServer.NONE;
  }

  private RealServer none() {
    service.countSteps(1);
    return RealServer.NONE;
  }

  @Override
  public void added(RealServer server) {
    fill();
  }

  @Override
  public void removed(RealServer server) {
    fill();
  }

  @Override
  public void edited(RealServer server) {
    fill();
  }

  @Override
  public void stop() {
    buckets.clear();
  }
}
