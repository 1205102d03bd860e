package dev.packetpath.core.packet;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Packets as bytes, from the IP header on.
 *
 * <p>Reads and writes IPv4 (RFC 791), IPv6 with a fragment header (RFC 8200), TCP (RFC 9293), UDP
 * and UDP-Lite (RFC 768, RFC 3828), SCTP's common header (RFC 9260), ICMP (RFC 792) and ICMPv6 (RFC
 * 4443) with the packet that an error quotes. Written checksums are right, or wrong by one bit
 * where {@link Packet#checksumValid} is false. Other protocols are payload.
 */
public final class WireFormat {
  private static final int FILLER = 'x';

  private WireFormat() {}

  /** Returns the bytes of a packet; their number is {@link Packet#length}. */
  public static byte[] encode(Packet packet) {
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
    out.putInt(6 << 28 | packet.tos() << 20).putShort((short) (packet.length() - 40));
    out.put((byte) (packet.hasFragmentHeader() ? IpProtocol.FRAGMENT : packet.protocol()));
    out.put((byte) packet.ttl());
    out.putLong(packet.sourceHigh()).putLong(packet.sourceLow());
    out.putLong(packet.destinationHigh()).putLong(packet.destinationLow());
    if (packet.hasFragmentHeader()) {
      out.put((byte) packet.protocol()).put((byte) 0);
      out.putShort((short) (packet.fragmentOffset() << 3 | (packet.moreFragments() ? 1 : 0)));
      out.putInt(packet.id());
    }
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
    byte[] known = packet.hasInner() ? encode(packet.inner()) : packet.payload();
    out.put(known, 0, Math.min(known.length, out.remaining()));
    while (out.hasRemaining()) {
      out.put((byte) FILLER);
    }
  }

  private static void putTransportChecksum(Packet packet, byte[] bytes, int transport) {
    int field =
        switch (packet.protocol()) {
          case IpProtocol.TCP -> 16;
          case IpProtocol.UDP, IpProtocol.UDPLITE -> 6;
          case IpProtocol.SCTP -> 8;
          case IpProtocol.ICMP, IpProtocol.ICMPV6 -> 2;
          default -> -1;
        };
    if (field < 0 || packet.transportHeaderBytes() == 0 || packet.isFragment()) {
      return;
    }
    if (packet.protocol() == IpProtocol.SCTP) {
      putSctpChecksum(packet, bytes, transport, field);
      return;
    }
    long sum =
        packet.protocol() == IpProtocol.ICMP ? 0 : pseudoHeader(packet, bytes.length - transport);
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

  /**
   * Returns the packet that the bytes hold. The bytes may end early, as in the quote of an ICMP
   * error: what is there of the transport header is read as far as the ports.
   *
   * @throws IllegalArgumentException if there is no whole IPv4 or IPv6 header
   */
  public static Packet decode(byte[] bytes) {
    checkArgument(bytes.length > 0, "no bytes");
    int version = bytes[0] >>> 4 & 0xf;
    checkArgument(version == 4 || version == 6, "IP version 4 or 6, found %s", version);
    try {
      return version == 4 ? decodeIpv4(bytes) : decodeIpv6(bytes);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException(
          "the IPv" + version + " header is cut off after " + bytes.length + " bytes", e);
    }
  }

  private static Packet decodeIpv4(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Packet packet = new Packet();
    int headerBytes = (in.get() & 0xf) * 4;
    checkArgument(
        headerBytes >= 20 && headerBytes <= bytes.length,
        "IPv4 header length %s of %s bytes",
        headerBytes,
        bytes.length);
    packet.tos(in.get() & 0xff);
    int total = in.getShort() & 0xffff;
    packet.id(in.getShort() & 0xffff);
    int fragment = in.getShort() & 0xffff;
    packet.dontFragment((fragment & 0x4000) != 0).moreFragments((fragment & 0x2000) != 0);
    packet.fragmentOffset(fragment & 0x1fff);
    packet.ttl(in.get() & 0xff).protocol(in.get() & 0xff);
    in.getShort();
    packet.addresses(IpAddress.ipv4(in.getInt()), IpAddress.ipv4(in.getInt()));
    packet.ipOptions(Arrays.copyOfRange(bytes, 20, headerBytes));
    in.position(headerBytes);
    decodeTransport(packet, in, Math.max(total, headerBytes) - headerBytes);
    return packet;
  }

  private static Packet decodeIpv6(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Packet packet = new Packet();
    packet.tos(in.getInt() >>> 20 & 0xff);
    int left = in.getShort() & 0xffff;
    int next = in.get() & 0xff;
    packet.ttl(in.get() & 0xff);
    packet.addresses(
        IpAddress.ipv6(in.getLong(), in.getLong()), IpAddress.ipv6(in.getLong(), in.getLong()));
    if (next == IpProtocol.FRAGMENT) {
      next = in.get() & 0xff;
      in.get();
      int fragment = in.getShort() & 0xffff;
      packet.fragmentOffset(fragment >>> 3).moreFragments((fragment & 1) != 0).id(in.getInt());
      packet.atomicFragment(!packet.isFragment());
      left -= 8;
    }
    packet.protocol(next);
    decodeTransport(packet, in, left);
    return packet;
  }

  /** Reads the transport header; {@code declared} is the length that the IP header promises. */
  private static void decodeTransport(Packet packet, ByteBuffer in, int declared) {
    int header = packet.transportHeaderBytes();
    if (header == 0) {
      packet.payload(rest(in)).payloadLength(declared);
      return;
    }
    if (declared < header || in.remaining() < (packet.isIcmp() ? 8 : 4)) {
      packet.transportTruncated(true).payload(rest(in)).payloadLength(declared);
      return;
    }
    if (packet.isIcmp()) {
      packet.icmpType(in.get() & 0xff).icmpCode(in.get() & 0xff);
      in.getShort();
      packet.icmpId(in.getShort() & 0xffff).icmpSequence(in.getShort() & 0xffff);
      byte[] payload = rest(in);
      if (IcmpTypes.isError(packet.family(), packet.icmpType()) && payload.length >= 20) {
        packet.inner(decode(payload), declared - 8);
      } else {
        packet.payload(payload).payloadLength(declared - 8);
      }
      return;
    }
    if (packet.protocol() == IpProtocol.TCP && declared < tcpHeaderBytes(in)) {
      packet.transportTruncated(true).payload(rest(in)).payloadLength(declared);
      return;
    }
    packet.ports(in.getShort() & 0xffff, in.getShort() & 0xffff);
    if (packet.protocol() == IpProtocol.TCP && in.remaining() >= 16) {
      packet.tcpSequence(in.getInt()).tcpAcknowledgment(in.getInt());
      header = Math.max(20, (in.get() >>> 4 & 0xf) * 4);
      packet.tcpFlags(in.get() & 0xff).tcpWindow(in.getShort() & 0xffff);
      in.getInt();
      byte[] options = new byte[Math.min(header - 20, in.remaining()) / 4 * 4];
      in.get(options);
      packet.tcpOptions(options);
    } else if (packet.protocol() == IpProtocol.TCP && in.remaining() >= 4) {
      packet.tcpSequence(in.getInt());
    } else {
      int behindPorts = in.position();
      if (packet.protocol() == IpProtocol.SCTP && in.remaining() >= 4) {
        packet.sctpTag(in.getInt());
      }
      in.position(Math.min(behindPorts + header - 4, in.limit()));
    }
    packet.payload(rest(in)).payloadLength(Math.max(0, declared - header));
  }

  /** Returns the length that a TCP header says it has, 20 if it ends before it says so. */
  private static int tcpHeaderBytes(ByteBuffer in) {
    return in.remaining() > 12 ? Math.max(20, (in.get(in.position() + 12) >>> 4 & 0xf) * 4) : 20;
  }

  private static byte[] rest(ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return bytes;
  }
}
