package dev.packetpath.iptables.target;

import dev.packetpath.core.HookState;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.RejectedChecksum;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.host.TcpReset;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.CompileContext;

/**
 * Sends the answers of REJECT, as far as the packet deserves one.
 *
 * <p>Source: net/ipv4/netfilter/nf_reject_ipv4.c and net/ipv6/netfilter/nf_reject_ipv6.c, Linux
 * 6.1.
 */
final class RejectAnswer {
  private static final String BY = "REJECT";

  private final CompileContext context;
  private final Host host;

  RejectAnswer(CompileContext context) {
    this.context = context;
    this.host = context.host();
  }

  /** Sends an ICMP error, but not about a later fragment or a packet with a wrong checksum. */
  void unreachable(Packet packet, HookState state, int code) {
    if (packet.isLaterFragment() || !RejectedChecksum.holds(packet)) {
      return;
    }
    host.sendIcmpError(packet, state.in(), IcmpError.unreachable(packet.family(), code), BY);
  }

  /** Sends a RST and moves the connection of the packet to CLOSE. */
  void reset(Packet packet) {
    if (packet.protocol() != IpProtocol.TCP
        || packet.isLaterFragment()
        || packet.transportTruncated()
        || (packet.tcpFlags() & TcpFlags.RST) != 0
        || !RejectedChecksum.holdsOfTransport(packet)
        || !isBetweenTwoHosts(packet)) {
      return;
    }
    boolean v4 = packet.family() == IpFamily.IPV4;
    Packet reset = TcpReset.answer(packet);
    if (host.sysctls().flag(v4 ? "net.ipv4.fwmark_reflect" : "net.ipv6.fwmark_reflect", false)) {
      reset.mark(packet.mark());
    }
    if (!host.canSend(reset)) {
      return;
    }
    if (context.hasConntrack()) {
      context.conntrack().setClosing(packet);
    }
    host.sendAnswer(reset, packet, BY);
  }

  private static boolean isBetweenTwoHosts(Packet packet) {
    if (packet.family() == IpFamily.IPV4) {
      return switch (packet.attachment(Route.OF_PACKET).type()) {
        case BROADCAST, MULTICAST -> false;
        default -> true;
      };
    }
    return isUnicast(packet.source()) && isUnicast(packet.destination());
  }

  private static boolean isUnicast(IpAddress address) {
    return !address.isAny() && !address.isMulticast();
  }
}
