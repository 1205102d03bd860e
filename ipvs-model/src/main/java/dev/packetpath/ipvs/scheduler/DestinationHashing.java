package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;
import java.util.Arrays;

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
  private final RealServer[] buckets = new RealServer[TABLE_SIZE];

  DestinationHashing(SchedulerContext service) {
    this.service = service;
    Arrays.fill(buckets, RealServer.NONE);
    fill();
  }

  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  private void fill() {
    stop();
    RealServer head = service.head();
    if (service.size() == 0) {
      return;
    }
    RealServer server = head;
    for (int i = 0; i < TABLE_SIZE; i++) {
      server = server.next() == head ? head.next() : server.next();
      buckets[i] = server;
      server.hold();
    }
  }

  @Override
  public RealServer schedule(Packet packet) {
    service.countSteps(1);
    RealServer server = buckets[Folding.hash32(Folding.destination(packet), TABLE_BITS)];
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
    for (int i = 0; i < TABLE_SIZE; i++) {
      if (buckets[i].exists()) {
        buckets[i].release();
        buckets[i] = RealServer.NONE;
      }
    }
  }
}
