package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * {@code dh}: the server of the bucket that the destination address falls into; the servers share
 * the buckets in turn, whatever their weights. O(1).
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_dh.c, Linux 6.1.
 */
final class DestinationHashing implements Scheduler {
  private static final int TABLE_BITS = 8;
  private static final int TABLE_SIZE = 1 << TABLE_BITS;

  private final SchedulerContext service;
  private final SlotTable buckets = new SlotTable(TABLE_SIZE);

  DestinationHashing(SchedulerContext service) {
    this.service = service;
    fill();
  }

  private void fill() {
    buckets.restart(service);
    int servers = service.size();
    for (int slot = 0; servers > 0 && slot < TABLE_SIZE; slot++) {
      buckets.set(slot, slot % servers + 1);
    }
  }

  @Override
  public RealServer schedule(Packet packet) {
    service.countSteps(1);
    RealServer server = buckets.get(Folding.hash32(Folding.destination(packet), TABLE_BITS));
    return server.isAvailable() && server.isEligible() ? server : RealServer.NONE;
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
  public void stop() {
    buckets.clear();
  }
}
