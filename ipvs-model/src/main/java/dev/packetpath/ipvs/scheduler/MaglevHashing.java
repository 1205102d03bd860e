package dev.packetpath.ipvs.scheduler;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.math.IntMath;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;
import dev.packetpath.ipvs.SchedulerFlag;
import java.util.BitSet;

/**
 * {@code mh}: consistent hashing of the client's address, and of its port with {@code mh-port}
 * (Eisenbud and others, Maglev: A Fast and Reliable Software Network Load Balancer, 2016). The
 * table is the same on every node with the same list. A lookup is O(1), a change of the list fills
 * {@value #TABLE_SIZE} slots.
 *
 * <p>Here the table is filled when it is first asked after a change. A server of weight 0 keeps its
 * slots. With more servers than slots the table stays as it was.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_mh.c, Linux 6.1, on a 64-bit kernel.
 */
final class MaglevHashing implements Scheduler {
  static final int TABLE_SIZE = 4093;

  /** With more servers the table is filled at each change, as the next may be one too many. */
  private static final int MOST_SERVERS_OF_A_LATE_TABLE = TABLE_SIZE / 2;

  private static final int TURN_BITS = 6;
  private static final long OFFSET_KEY = 2_654_435_761L;
  private static final long SKIP_KEY = 2_654_446_892L;

  private final SchedulerContext service;
  private SlotTable slots = new SlotTable(0);
  private boolean stale = true;

  MaglevHashing(SchedulerContext service) {
    checkArgument(
        service.size() <= TABLE_SIZE,
        "mh takes at most %s servers, found %s",
        TABLE_SIZE,
        service.size());
    this.service = service;
  }

  private void changed() {
    if (service.size() > TABLE_SIZE) {
      return;
    }
    stop();
    stale = true;
    if (service.size() > MOST_SERVERS_OF_A_LATE_TABLE) {
      fill();
    }
  }

  private void fill() {
    stale = false;
    if (slots.size() == 0) {
      slots = new SlotTable(TABLE_SIZE);
    }
    int divisor = 0;
    int largest = 0;
    for (RealServer server = service.head().next();
        server != service.head();
        server = server.next()) {
      divisor = IntMath.gcd(divisor, server.lastWeight());
      largest = Math.max(largest, server.lastWeight());
    }
    if (divisor > 0) {
      int bits = Integer.SIZE - Integer.numberOfLeadingZeros(largest / divisor);
      populate(divisor, Math.max(0, bits - TURN_BITS));
    }
  }

  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  private void populate(int divisor, int shift) {
    slots.restart(service);
    int[] position = new int[service.size()];
    int[] skip = new int[position.length];
    int[] turns = new int[position.length];
    RealServer head = service.head();
    int at = 0;
    for (RealServer server = head.next(); server != head; server = server.next()) {
      int address = Folding.fold(server.address()) + server.port();
      position[at] = slot(address, OFFSET_KEY, TABLE_SIZE);
      skip[at] = slot(address, SKIP_KEY, TABLE_SIZE - 1) + 1;
      int share = (server.lastWeight() / divisor) >> shift;
      turns[at] = server.lastWeight() == 0 ? 0 : Math.max(1, share);
      at++;
    }
    BitSet taken = new BitSet(TABLE_SIZE);
    int filled = 0;
    while (filled < TABLE_SIZE) {
      for (at = 0; at < turns.length; at++) {
        for (int turn = 0; turn < turns[at] && filled < TABLE_SIZE; turn++) {
          while (taken.get(position[at])) {
            position[at] = (position[at] + skip[at]) % TABLE_SIZE;
          }
          taken.set(position[at]);
          slots.set(position[at], at + 1);
          filled++;
        }
      }
    }
  }

  private static int slot(int value, long key, int size) {
    return Integer.remainderUnsigned(SipHash.hash(value, key), size);
  }

  @Override
  public RealServer schedule(Packet packet) {
    if (stale) {
      fill();
    }
    int port = service.has(SchedulerFlag.FLAG_2) ? Folding.sourcePort(packet) : 0;
    int client = Folding.source(packet) + port;
    int slot = slot(client, OFFSET_KEY, TABLE_SIZE);
    RealServer server = slots.get(slot);
    if (server.isEligible()) {
      service.countSteps(1);
      return server;
    }
    if (service.has(SchedulerFlag.FLAG_1) && server.exists()) {
      return fallback(client, slot);
    }
    service.countSteps(1);
    return RealServer.NONE;
  }

  private RealServer fallback(int client, int slot) {
    for (int i = 0; i < TABLE_SIZE; i++) {
      int offset = (i + slot) % TABLE_SIZE;
      RealServer server = slots.get(slot(offset + client, OFFSET_KEY, TABLE_SIZE));
      if (server.isEligible()) {
        service.countSteps(i + 2);
        return server;
      }
    }
    service.countSteps(TABLE_SIZE + 1);
    return RealServer.NONE;
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

  @Override
  public void stop() {
    slots.clear();
  }
}
