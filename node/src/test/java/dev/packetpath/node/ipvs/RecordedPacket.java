package dev.packetpath.node.ipvs;

import com.google.common.io.BaseEncoding;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpTypes;
import dev.packetpath.core.packet.TcpFlags;
import java.nio.ByteBuffer;

/** What of a recorded packet can be compared. */
final class RecordedPacket {
  private static final int GUE_PORT = 6080;

  private RecordedPacket() {}

  /**
   * A packet but for what chance gives: the identification of IPv4, which its header's checksum
   * covers, the flow label of IPv6, the number of its fragments and the source port of GUE; but for
   * checksums that the recorder's cables leave out, of GRE, GUE and the director's own resets, and
   * those of quoted segments, which the kernel leaves as they were; and but for the length that a
   * first fragment's UDP header tells.
   */
  static String shown(byte[] packet) {
    ByteBuffer bytes = ByteBuffer.wrap(packet);
    boolean v4 = packet[0] >>> 4 == 4;
    int transport = v4 ? (packet[0] & 15) * 4 : 40;
    if (v4) {
      bytes.putShort(4, (short) 0).putShort(10, (short) 0);
    } else {
      bytes.putInt(0, bytes.getInt(0) & 0xfff0_0000);
    }
    int protocol = packet[v4 ? 9 : 6];
    boolean inPieces = v4 && (bytes.getShort(6) & 0x3fff) != 0;
    if (!v4 && protocol == IpProtocol.FRAGMENT) {
      protocol = packet[transport];
      bytes.putInt(transport + 4, 0);
      inPieces = true;
      transport += 8;
    }
    boolean first = v4 ? (bytes.getShort(6) & 0x1fff) == 0 : !inPieces || bytes.getShort(42) == 1;
    if (protocol == IpProtocol.UDP && first && bytes.getShort(transport + 2) == GUE_PORT) {
      bytes.putShort(transport, (short) 0).putShort(transport + 6, (short) 0);
      bytes.putShort(transport + 4, inPieces ? 0 : bytes.getShort(transport + 4));
    } else if (protocol == IpProtocol.GRE && first && packet[transport] != 0) {
      bytes.putShort(transport + 4, (short) 0);
    } else if (protocol == IpProtocol.TCP) {
      hideResetsChecksum(bytes, transport);
    } else if (protocol == IpProtocol.IPV6 && first) {
      bytes.putInt(transport, bytes.getInt(transport) & 0xfff0_0000);
      if (packet[transport + 6] == IpProtocol.TCP) {
        hideResetsChecksum(bytes, transport + 40);
      }
    } else if (protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6) {
      bytes.putShort(transport + 2, (short) 0);
      if (IcmpTypes.isError(v4 ? IpFamily.IPV4 : IpFamily.IPV6, packet[transport] & 0xff)) {
        hideQuotedChecksum(bytes, transport + 8);
      }
    }
    return BaseEncoding.base16().lowerCase().encode(packet);
  }

  private static void hideResetsChecksum(ByteBuffer bytes, int transport) {
    if ((bytes.get(transport + 13) & TcpFlags.RST) != 0) {
      bytes.putShort(transport + 16, (short) 0);
    }
  }

  /** Of a segment that is quoted without its whole header, the ports and the number are read. */
  private static void hideQuotedChecksum(ByteBuffer bytes, int quoted) {
    boolean v4 = bytes.get(quoted) >>> 4 == 4;
    if (!v4) {
      bytes.putInt(quoted, bytes.getInt(quoted) & 0xfff0_0000);
    }
    int protocol = bytes.get(quoted + (v4 ? 9 : 6));
    int transport = quoted + (v4 ? 20 : 40);
    int there = bytes.capacity() - transport;
    if (protocol == IpProtocol.TCP && there < 20) {
      for (int at = 8; at < there; at++) {
        bytes.put(transport + at, (byte) 0);
      }
    } else if (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP) {
      bytes.putShort(transport + (protocol == IpProtocol.TCP ? 16 : 6), (short) 0);
    }
  }
}
