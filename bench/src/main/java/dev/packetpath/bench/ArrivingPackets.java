package dev.packetpath.bench;

import dev.packetpath.core.packet.Packet;
import java.util.List;

/**
 * Packets that come one after the other, over and over again, in one {@link Packet} object: the
 * header of a packet that has just come is in a cache, where thousands of objects are not. IPv4
 * alone. Belongs to one thread.
 */
final class ArrivingPackets {
  private static final int INTS = 4;

  private final int[] headers;
  private final Packet packet = new Packet();
  private int next;

  /** Creates packets with the addresses, protocols and ports of others. */
  ArrivingPackets(List<Packet> packets) {
    this.headers = new int[INTS * packets.size()];
    int at = 0;
    for (Packet one : packets) {
      headers[at++] = (int) one.sourceLow();
      headers[at++] = (int) one.destinationLow();
      headers[at++] = one.protocol();
      headers[at++] = one.sourcePort() << 16 | one.destinationPort();
    }
  }

  /** Returns the next packet, which is this one until the next comes. */
  Packet next() {
    if (next == headers.length) {
      next = 0;
    }
    packet
        .source(0, Integer.toUnsignedLong(headers[next]))
        .destination(0, Integer.toUnsignedLong(headers[next + 1]))
        .protocol(headers[next + 2])
        .ports(headers[next + 3] >>> 16, headers[next + 3] & 0xffff);
    next += INTS;
    return packet;
  }
}
