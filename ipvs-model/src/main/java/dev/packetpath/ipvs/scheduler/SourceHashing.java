package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;
import dev.packetpath.ipvs.SchedulerFlag;
import java.util.Arrays;

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
  private final RealServer[] buckets = new RealServer[TABLE_SIZE];

  SourceHashing(SchedulerContext service) {
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
    int left = 0;
    for (int i = 0; i < TABLE_SIZE; i++) {
      if (left == 0) {
        server = server.next() == head ? head.next() : server.next();
        left = Math.max(1, server.weight());
      }
      buckets[i] = server;
      server.hold();
      left--;
    }
  }

  @Override
  public RealServer schedule(Packet packet) {
    int port = service.has(SchedulerFlag.FLAG_2) ? Folding.sourcePort(packet) : 0;
    int hash = Folding.hash32(Folding.source(packet) + port, TABLE_BITS);
    RealServer server = buckets[hash];
    if (server.isEligible()) {
      service.countSteps(1);
      return server;
    }
    return service.has(SchedulerFlag.FLAG_1) && server.exists() ? fallback(hash) : none();
  }

  private RealServer fallback(int hash) {
    for (int i = 0; i < TABLE_SIZE; i++) {
      int offset = (i + hash) & TABLE_MASK;
      RealServer server = buckets[(offset + hash) & TABLE_MASK];
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
    for (int i = 0; i < TABLE_SIZE; i++) {
      if (buckets[i].exists()) {
        buckets[i].release();
        buckets[i] = RealServer.NONE;
      }
    }
  }
}
