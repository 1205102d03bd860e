package dev.packetpath.iptables.target;

import dev.packetpath.core.Operation;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.host.RouteQuery;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;

/**
 * The maximum segment size in a TCP header: what a path allows, and how it is lowered.
 *
 * <p>Source: net/netfilter/xt_TCPMSS.c, tcpmss_mangle_packet and tcpmss_reverse_mtu, Linux 6.1.
 */
final class SegmentSize {
  private static final Operation ROUTE_LOOKUP = Operation.named("routeLookup");
  private static final int MAX_OPTION_BYTES = 40;

  private final Host host;
  private final IpFamily family;
  private final int headerBytes;
  private final int defaultSize;
  private final int maxMtu;

  SegmentSize(CompileContext context) {
    this.host = context.host();
    this.family = context.family();
    boolean v4 = family == IpFamily.IPV4;
    this.headerBytes = Packet.TCP_HEADER_BYTES + (v4 ? 20 : 40);
    this.defaultSize = v4 ? 536 : 1220;
    this.maxMtu = v4 ? 0xffff : 0xffff + 40;
  }

  /** Returns the size that fits the routes to the destination and back, not positive for none. */
  int ofPath(Packet packet) {
    host.work().add(ROUTE_LOOKUP);
    Route back = host.network().route(RouteQuery.to(packet.source()));
    int mtu = mtu(packet.attachment(Route.OF_PACKET));
    return Math.min(mtu, back.isUsable() ? mtu(back) : mtu) - headerBytes;
  }

  private int mtu(Route route) {
    return Math.min(route.largestPacket(), maxMtu);
  }

  /**
   * Lowers what the packet announces. A packet that announces nothing gets the option in front of
   * its others, with at most the size that would be assumed without, unless data follows the header
   * or the header is full.
   */
  void lower(Packet packet, int size) {
    byte[] options = packet.tcpOptions();
    for (int at = 0;
        at <= options.length - TcpOptions.MSS_BYTES;
        at += TcpOptions.lengthAt(options, at)) {
      if (options[at] == TcpOptions.MSS && options[at + 1] == TcpOptions.MSS_BYTES) {
        int announced = (options[at + 2] & 0xff) << 8 | (options[at + 3] & 0xff);
        if (announced > size) {
          byte[] lowered = options.clone();
          lowered[at + 2] = (byte) (size >> 8);
          lowered[at + 3] = (byte) size;
          packet.tcpOptions(lowered);
        }
        return;
      }
    }
    if (packet.payloadLength() > 0 || options.length >= MAX_OPTION_BYTES) {
      return;
    }
    int added = Math.min(size, defaultSize);
    byte[] longer = new byte[options.length + TcpOptions.MSS_BYTES];
    longer[0] = TcpOptions.MSS;
    longer[1] = TcpOptions.MSS_BYTES;
    longer[2] = (byte) (added >> 8);
    longer[3] = (byte) added;
    System.arraycopy(options, 0, longer, TcpOptions.MSS_BYTES, options.length);
    packet.tcpOptions(longer);
  }
}
