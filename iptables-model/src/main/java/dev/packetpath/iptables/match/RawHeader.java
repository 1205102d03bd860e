package dev.packetpath.iptables.match;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;

/**
 * The bytes of a packet, for matches on headers that the packet model keeps as payload, and for
 * those that read wherever they are told to. Making it allocates.
 */
final class RawHeader {
  private final byte[] bytes;
  private final int transport;

  private RawHeader(byte[] bytes, int transport) {
    this.bytes = bytes;
    this.transport = transport;
  }

  static RawHeader of(Packet packet) {
    return new RawHeader(WireFormat.encode(packet), packet.networkHeaderBytes());
  }

  /** Returns the number of bytes behind the IP header. */
  int transportBytes() {
    return bytes.length - transport;
  }

  /** Returns a byte, counted from the end of the IP header. */
  int byteAt(int offset) {
    return bytes[transport + offset] & 0xff;
  }

  int shortAt(int offset) {
    return byteAt(offset) << 8 | byteAt(offset + 1);
  }

  /** Returns 32 unsigned bits, counted from the end of the IP header. */
  long wordAt(int offset) {
    return (long) shortAt(offset) << 16 | shortAt(offset + 2);
  }
}
