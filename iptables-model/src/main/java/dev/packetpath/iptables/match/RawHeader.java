package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;

/**
 * The bytes of a packet, for matches on headers that the packet model keeps as payload, and for
 * those that read wherever they are told to. Making it allocates.
 *
 * <p>In a later fragment of an IPv6 packet the kernel finds no transport header and takes the start
 * of the packet for it (ipv6_find_hdr in net/ipv6/exthdrs_core.c leaves the offset 0, Linux 6.18).
 */
final class RawHeader {
  private final byte[] bytes;
  private final int transport;

  private RawHeader(byte[] bytes, int transport) {
    this.bytes = bytes;
    this.transport = transport;
  }

  static RawHeader of(Packet packet) {
    boolean unknown = packet.family() == IpFamily.IPV6 && packet.isLaterFragment();
    return new RawHeader(WireFormat.encode(packet), unknown ? 0 : packet.networkHeaderBytes());
  }

  /**
   * Returns the bytes of a packet from its first authentication header on: in IPv4, which takes it
   * for the transport header, from the end of the IP header.
   */
  static RawHeader ofAuthentication(Packet packet) {
    int start = packet.networkHeaderBytes() - packet.authentication().length;
    return new RawHeader(WireFormat.encode(packet), start);
  }

  /** Returns the number of bytes from the header on. */
  int transportBytes() {
    return bytes.length - transport;
  }

  /** Returns a byte, counted from the start of the header. */
  int byteAt(int offset) {
    return bytes[transport + offset] & 0xff;
  }

  int shortAt(int offset) {
    return byteAt(offset) << 8 | byteAt(offset + 1);
  }

  /** Returns 32 unsigned bits, counted from the start of the header. */
  long wordAt(int offset) {
    return (long) shortAt(offset) << 16 | shortAt(offset + 2);
  }
}
