package dev.packetpath.node;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.core.packet.WireFormat;
import java.nio.ByteBuffer;

/** Writes packets as {@link PacketJson} reads them. */
final class PacketJsonWriter {
  private static final String UNNAMED = "ip";
  private static final int PORTS_BYTES = 4;
  private static final long U16 = 0xffff;
  private static final long U32 = 0xffff_ffffL;

  private PacketJsonWriter() {}

  static ObjectNode write(Packet whole) {
    Packet packet = WireFormat.folded(whole);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("proto", protocolName(packet));
    json.put("src", packet.source().toString()).put("dst", packet.destination().toString());
    json.put("ttl", packet.ttl());
    if (protocolName(packet).equals(UNNAMED)) {
      json.put("protocol", packet.protocol());
    }
    if (packet.isLaterFragment()) {
      json.put("fragOffset", packet.fragmentOffset());
    }
    if (packet.moreFragments()) {
      json.put("moreFragments", true);
    }
    if (packet.isLaterFragment()) {
      return json.put("len", packet.payloadLength());
    }
    if (packet.transportTruncated()) {
      return writeCutOff(packet, json);
    }
    if (IpProtocol.hasPorts(packet.protocol())) {
      json.put("sport", packet.sourcePort()).put("dport", packet.destinationPort());
    }
    if (packet.protocol() == IpProtocol.TCP) {
      json.put("seq", Integer.toUnsignedLong(packet.tcpSequence()));
      json.put("ack", Integer.toUnsignedLong(packet.tcpAcknowledgment()));
      json.put("flags", TcpFlags.toLetters(packet.tcpFlags()));
    } else if (packet.protocol() == IpProtocol.SCTP) {
      SctpJson.write(packet, json);
    } else if (packet.isIcmp()) {
      json.put("type", packet.icmpType()).put("code", packet.icmpCode());
      if (packet.hasInner()) {
        json.set("inner", write(packet.inner()));
        return json;
      }
      json.put("id", packet.icmpId()).put("icmpseq", packet.icmpSequence());
    }
    return json.put("len", packet.payloadLength());
  }

  /** Writes what can be read of a transport header that is not whole. */
  private static ObjectNode writeCutOff(Packet packet, ObjectNode json) {
    if (!IpProtocol.hasPorts(packet.protocol()) || packet.payload().length < PORTS_BYTES) {
      return json.put("len", packet.payloadLength());
    }
    ByteBuffer header = ByteBuffer.wrap(packet.payload());
    json.put("sport", header.getShort() & U16).put("dport", header.getShort() & U16);
    if (packet.protocol() == IpProtocol.TCP && header.capacity() >= Packet.TCP_HEADER_BYTES) {
      json.put("seq", header.getInt() & U32).put("ack", header.getInt() & U32);
      int promised = (header.get() >>> 4 & 0xf) * 4;
      json.put("flags", TcpFlags.toLetters(header.get() & 0xff));
      json.put("len", packet.payloadLength() - promised);
    }
    return json;
  }

  private static String protocolName(Packet packet) {
    boolean v4 = packet.family() == IpFamily.IPV4;
    return switch (packet.protocol()) {
      case IpProtocol.TCP -> "tcp";
      case IpProtocol.UDP -> "udp";
      case IpProtocol.UDPLITE -> "udplite";
      case IpProtocol.ICMP -> v4 ? "icmp" : UNNAMED;
      case IpProtocol.ICMPV6 -> v4 ? UNNAMED : "icmpv6";
      case IpProtocol.SCTP -> "sctp";
      default -> UNNAMED;
    };
  }
}
