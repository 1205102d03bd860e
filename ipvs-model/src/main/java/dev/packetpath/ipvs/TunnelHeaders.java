package dev.packetpath.ipvs;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.nio.ByteBuffer;

/**
 * What stands between the outer IP header of a tunnel and the packet inside (ip_vs_gue_encap and
 * ip_vs_gre_encap of net/netfilter/ipvs/ip_vs_xmit.c, Linux 6.1).
 */
final class TunnelHeaders {
  private static final short GRE_WITH_CHECKSUM = (short) 0x8000;
  private static final short ETHERTYPE_IPV4 = 0x0800;
  private static final short ETHERTYPE_IPV6 = (short) 0x86dd;

  /** The default of net.ipv4.ip_local_port_range, whose last port is not taken. */
  private static final int FIRST_PORT = 32_768;

  private static final int PORTS = 28_231;

  private TunnelHeaders() {}

  /** Puts a packet into another, which has its addresses, behind the headers of a tunnel. */
  static void wrap(Packet packet, Packet outer, Tunnel tunnel) {
    int kind = packet.family() == IpFamily.IPV4 ? IpProtocol.IPIP : IpProtocol.IPV6;
    switch (tunnel.type()) {
      case IPIP -> outer.protocol(kind);
      case GUE -> {
        outer.protocol(IpProtocol.UDP).ports(sourcePort(packet), tunnel.port());
        outer.payload(new byte[] {0, (byte) kind, 0, 0});
      }
      case GRE -> outer.protocol(IpProtocol.GRE).payload(gre(packet, tunnel));
    }
    outer.inner(packet.copy(), outer.payload().length + packet.length());
  }

  private static byte[] gre(Packet packet, Tunnel tunnel) {
    boolean summed = tunnel.checksum() == Tunnel.Checksum.OUTER;
    ByteBuffer header = ByteBuffer.allocate(tunnel.headerBytes());
    header.putShort(summed ? GRE_WITH_CHECKSUM : 0);
    header.putShort(packet.family() == IpFamily.IPV4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6);
    return header.array();
  }

  /** A flow has one port; the kernel's hash of flows begins with a number of the boot. */
  private static int sourcePort(Packet packet) {
    long ends = packet.sourceHigh() * 31 + packet.sourceLow();
    ends = ends * 31 + packet.destinationHigh();
    ends = ends * 31 + packet.destinationLow();
    ends = ends * 31 + (((long) packet.sourcePort() << 16) | packet.destinationPort());
    long hash = (ends * 0x9e37_79b9_7f4a_7c15L) >>> 32;
    return FIRST_PORT + (int) ((hash * PORTS) >>> 32);
  }
}
