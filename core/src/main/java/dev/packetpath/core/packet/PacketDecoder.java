package dev.packetpath.core.packet;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads packets for {@link WireFormat}. */
final class PacketDecoder {
  private static final int IPV4_HEADER_BYTES = NetworkPart.IPV4_HEADER_BYTES;
  private static final int FRAGMENT_HEADER_BYTES = NetworkPart.IPV6_FRAGMENT_HEADER_BYTES;
  private static final int TCP_HEADER_BYTES = TransportPart.TCP_HEADER_BYTES;
  private static final int ICMP_HEADER_BYTES = 8;
  private static final int PORTS_BYTES = 4;

  /** Where in a TCP header its length stands. */
  private static final int TCP_OFFSET_AT = 12;

  /** The data offset of a TCP header without options. */
  private static final byte WITHOUT_OPTIONS = 0x50;

  private PacketDecoder() {}

  static Packet decode(byte[] bytes) {
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
        headerBytes >= IPV4_HEADER_BYTES && headerBytes <= bytes.length,
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
    packet.ipOptions(Arrays.copyOfRange(bytes, IPV4_HEADER_BYTES, headerBytes));
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
      left -= FRAGMENT_HEADER_BYTES;
    }
    packet.protocol(next);
    AuthenticationHeaders.read(packet, in, left);
    return packet;
  }

  /** Reads the transport header; {@code declared} is the length that the IP header promises. */
  static void decodeTransport(Packet packet, ByteBuffer in, int declared) {
    int header = packet.transportHeaderBytes();
    if (header == 0) {
      packet.payload(rest(in)).payloadLength(declared);
    } else if (isCutOff(packet, in, declared)) {
      packet.transportTruncated(true).payload(rest(in)).payloadLength(declared);
    } else if (packet.isIcmp()) {
      decodeIcmp(packet, in, declared);
    } else {
      packet.ports(in.getShort() & 0xffff, in.getShort() & 0xffff);
      if (packet.protocol() == IpProtocol.TCP) {
        header = decodeTcp(packet, in);
      } else {
        decodeBehindPorts(packet, in, header - PORTS_BYTES);
      }
      packet.payload(rest(in)).payloadLength(Math.max(0, declared - header));
    }
  }

  /** Returns whether the packet ends inside its transport header, or the bytes before the ports. */
  private static boolean isCutOff(Packet packet, ByteBuffer in, int declared) {
    return declared < packet.transportHeaderBytes()
        || in.remaining() < (packet.isIcmp() ? ICMP_HEADER_BYTES : PORTS_BYTES)
        || (packet.protocol() == IpProtocol.TCP && declared < tcpHeaderBytes(in));
  }

  private static void decodeIcmp(Packet packet, ByteBuffer in, int declared) {
    packet.icmpType(in.get() & 0xff).icmpCode(in.get() & 0xff);
    in.getShort();
    packet.icmpId(in.getShort() & 0xffff).icmpSequence(in.getShort() & 0xffff);
    byte[] payload = rest(in);
    int payloadBytes = declared - ICMP_HEADER_BYTES;
    if (IcmpTypes.isError(packet.family(), packet.icmpType())
        && payload.length >= IPV4_HEADER_BYTES) {
      packet.inner(decode(payload), payloadBytes);
    } else {
      packet.payload(payload).payloadLength(payloadBytes);
    }
  }

  /** Reads what is there of a TCP header behind the ports; returns the bytes of the header. */
  private static int decodeTcp(Packet packet, ByteBuffer in) {
    int there = in.remaining();
    if (there < TCP_HEADER_BYTES - PORTS_BYTES) {
      byte[] padded = Arrays.copyOf(rest(in), TCP_HEADER_BYTES - PORTS_BYTES);
      if (there <= TCP_OFFSET_AT - PORTS_BYTES) {
        padded[TCP_OFFSET_AT - PORTS_BYTES] = WITHOUT_OPTIONS;
      }
      return decodeTcp(packet, ByteBuffer.wrap(padded));
    }
    packet.tcpSequence(in.getInt()).tcpAcknowledgment(in.getInt());
    int header = tcpHeaderBytes(in.get());
    packet.tcpFlags(in.get() & 0xff).tcpWindow(in.getShort() & 0xffff);
    in.getInt();
    byte[] options = new byte[header - TCP_HEADER_BYTES];
    in.get(options, 0, Math.min(options.length, in.remaining()));
    packet.tcpOptions(options);
    return header;
  }

  private static void decodeBehindPorts(Packet packet, ByteBuffer in, int bytes) {
    int end = Math.min(in.position() + bytes, in.limit());
    if (packet.protocol() == IpProtocol.SCTP && in.remaining() >= Integer.BYTES) {
      packet.sctpTag(in.getInt());
    }
    in.position(end);
  }

  /** Returns the bytes that a TCP header says it has, 20 if it ends before it says so. */
  private static int tcpHeaderBytes(ByteBuffer in) {
    return in.remaining() > TCP_OFFSET_AT
        ? tcpHeaderBytes(in.get(in.position() + TCP_OFFSET_AT))
        : TCP_HEADER_BYTES;
  }

  /** Returns the bytes of a TCP header by its data offset, in words of 4, in the upper half. */
  private static int tcpHeaderBytes(byte dataOffset) {
    return Math.max(TCP_HEADER_BYTES, (dataOffset >>> 4 & 0xf) * 4);
  }

  private static byte[] rest(ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return bytes;
  }
}
