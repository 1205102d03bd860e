package dev.packetpath.core.packet;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Writes packets for {@link WireFormat}. */
final class PacketEncoder {
  private static final int FILLER = 'x';

  private PacketEncoder() {}

  static byte[] encode(Packet packet) {
    ByteBuffer out = ByteBuffer.allocate(packet.length());
    if (packet.family() == IpFamily.IPV4) {
      putIpv4Header(packet, out);
    } else {
      putIpv6Header(packet, out);
    }
    int transport = out.position();
    putTransport(packet, out);
    putPayload(packet, out);
    putTransportChecksum(packet, out.array(), transport);
    return out.array();
  }

  @SuppressWarnings("ByteBufferBackingArray") // allocated in encode
  private static void putIpv4Header(Packet packet, ByteBuffer out) {
    int headerBytes = packet.networkHeaderBytes();
    int fragment =
        (packet.dontFragment() ? 0x4000 : 0)
            | (packet.moreFragments() ? 0x2000 : 0)
            | packet.fragmentOffset();
    out.put((byte) (0x40 | headerBytes / 4)).put((byte) packet.tos());
    out.putShort((short) packet.length()).putShort((short) packet.id()).putShort((short) fragment);
    out.put((byte) packet.ttl()).put((byte) packet.protocol()).putShort((short) 0);
    out.putInt((int) packet.sourceLow()).putInt((int) packet.destinationLow());
    out.put(packet.ipOptions());
    out.putShort(10, (short) Checksum.finish(Checksum.add(0, out.array(), 0, headerBytes)));
  }

  private static void putIpv6Header(Packet packet, ByteBuffer out) {
    out.putInt(6 << 28 | packet.tos() << 20)
        .putShort((short) (packet.length() - NetworkPart.IPV6_HEADER_BYTES));
    byte[] authentication = packet.authentication();
    int next = authentication.length > 0 ? IpProtocol.AH : packet.protocol();
    out.put((byte) (packet.hasFragmentHeader() ? IpProtocol.FRAGMENT : next));
    out.put((byte) packet.ttl());
    out.putLong(packet.sourceHigh()).putLong(packet.sourceLow());
    out.putLong(packet.destinationHigh()).putLong(packet.destinationLow());
    if (packet.hasFragmentHeader()) {
      out.put((byte) next).put((byte) 0);
      out.putShort((short) (packet.fragmentOffset() << 3 | (packet.moreFragments() ? 1 : 0)));
      out.putInt(packet.id());
    }
    out.put(authentication);
  }

  private static void putTransport(Packet packet, ByteBuffer out) {
    if (packet.transportHeaderBytes() == 0) {
      return;
    }
    switch (packet.protocol()) {
      case IpProtocol.TCP -> {
        putPorts(packet, out);
        out.putInt(packet.tcpSequence()).putInt(packet.tcpAcknowledgment());
        out.put((byte) ((packet.transportHeaderBytes() / 4) << 4)).put((byte) packet.tcpFlags());
        out.putShort((short) packet.tcpWindow()).putInt(0).put(packet.tcpOptions());
      }
      case IpProtocol.UDP, IpProtocol.UDPLITE -> {
        putPorts(packet, out);
        out.putShort((short) (8 + packet.payloadLength())).putShort((short) 0);
      }
      case IpProtocol.SCTP, IpProtocol.DCCP -> {
        putPorts(packet, out);
        out.putInt(packet.protocol() == IpProtocol.SCTP ? packet.sctpTag() : 0).putInt(0);
      }
      default -> {
        out.put((byte) packet.icmpType()).put((byte) packet.icmpCode()).putShort((short) 0);
        out.putShort((short) packet.icmpId()).putShort((short) packet.icmpSequence());
      }
    }
  }

  private static void putPorts(Packet packet, ByteBuffer out) {
    out.putShort((short) packet.sourcePort()).putShort((short) packet.destinationPort());
  }

  private static void putPayload(Packet packet, ByteBuffer out) {
    putKnown(packet.payload(), out);
    if (packet.hasInner()) {
      putKnown(encode(packet.inner()), out);
    }
    while (out.hasRemaining()) {
      out.put((byte) FILLER);
    }
  }

  private static void putKnown(byte[] known, ByteBuffer out) {
    out.put(known, 0, Math.min(known.length, out.remaining()));
  }

  private static void putTransportChecksum(Packet packet, byte[] bytes, int transport) {
    int field =
        switch (packet.protocol()) {
          case IpProtocol.TCP -> 16;
          case IpProtocol.UDP, IpProtocol.UDPLITE -> 6;
          case IpProtocol.SCTP -> 8;
          case IpProtocol.ICMP, IpProtocol.ICMPV6 -> 2;
          case IpProtocol.GRE -> isSummedTunnel(packet) ? 4 : -1;
          default -> -1;
        };
    boolean cutOff = packet.transportHeaderBytes() == 0 && packet.protocol() != IpProtocol.GRE;
    if (field < 0 || cutOff || packet.isFragment()) {
      return;
    }
    if (packet.protocol() == IpProtocol.SCTP) {
      putSctpChecksum(packet, bytes, transport, field);
      return;
    }
    boolean alone = packet.protocol() == IpProtocol.ICMP || packet.protocol() == IpProtocol.GRE;
    long sum = alone ? 0 : pseudoHeader(packet, bytes.length - transport);
    int checksum = Checksum.finish(Checksum.add(sum, bytes, transport, bytes.length));
    if (checksum == 0 && isUdp(packet)) {
      checksum = 0xffff;
    }
    if (!packet.checksumValid()) {
      checksum ^= 1;
    }
    bytes[transport + field] = (byte) (checksum >>> 8);
    bytes[transport + field + 1] = (byte) checksum;
  }

  /** Whether a packet is in a tunnel of GRE that has a checksum (RFC 2784). */
  private static boolean isSummedTunnel(Packet packet) {
    byte[] header = packet.payload();
    return packet.hasInner() && header.length >= 8 && (header[0] & 0x80) != 0;
  }

  /** The sum of no data is written in its other form: zero says that there is no checksum. */
  private static boolean isUdp(Packet packet) {
    return packet.protocol() == IpProtocol.UDP || packet.protocol() == IpProtocol.UDPLITE;
  }

  /** The CRC32c of RFC 9260, appendix A, its lowest byte first. */
  private static void putSctpChecksum(Packet packet, byte[] bytes, int transport, int field) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, transport, bytes.length - transport);
    int value = (int) crc.getValue() ^ (packet.checksumValid() ? 0 : 1);
    ByteBuffer.wrap(bytes).putInt(transport + field, Integer.reverseBytes(value));
  }

  private static long pseudoHeader(Packet packet, int transportBytes) {
    byte[] addresses =
        ByteBuffer.allocate(32)
            .putLong(packet.sourceHigh())
            .putLong(packet.sourceLow())
            .putLong(packet.destinationHigh())
            .putLong(packet.destinationLow())
            .array();
    return Checksum.add(0, addresses, 0, addresses.length) + packet.protocol() + transportBytes;
  }
}
