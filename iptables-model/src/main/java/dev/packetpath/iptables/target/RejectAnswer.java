package dev.packetpath.iptables.target;

import dev.packetpath.core.HookState;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.host.TcpReset;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.core.packet.WireFormat;
import dev.packetpath.iptables.CompileContext;

/**
 * Sends the answers of REJECT, as far as the packet deserves one.
 *
 * <p>Source: net/ipv4/netfilter/nf_reject_ipv4.c and net/ipv6/netfilter/nf_reject_ipv6.c, Linux
 * 6.1.
 */
final class RejectAnswer {
  private static final String BY = "REJECT";

  private static final int ONES = 0xffff;
  private static final int V6_ADDRESSES = 8;
  private static final int V6_HEADER = 40;

  private final CompileContext context;
  private final Host host;

  RejectAnswer(CompileContext context) {
    this.context = context;
    this.host = context.host();
  }

  /** Sends an ICMP error, but not about a later fragment or a packet with a wrong checksum. */
  void unreachable(Packet packet, HookState state, int code) {
    if (packet.isLaterFragment() || !checksumHolds(packet)) {
      return;
    }
    host.sendIcmpError(packet, state.in(), IcmpError.unreachable(packet.family(), code), BY);
  }

  private static boolean checksumHolds(Packet packet) {
    return switch (packet.protocol()) {
      case IpProtocol.UDPLITE, IpProtocol.SCTP, IpProtocol.GRE, IpProtocol.AH, IpProtocol.ESP ->
          true;
      // Since Linux 6.16 the sum is looked at, but in IPv4 without its pseudo header.
      case IpProtocol.DCCP -> packet.family() == IpFamily.IPV6 && transportSumHolds(packet);
      case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.ICMPV6 ->
          transportSumHolds(packet);
      default -> sumHolds(packet);
    };
  }

  /** The sum is over the whole datagram and does not hold of a first fragment alone. */
  private static boolean transportSumHolds(Packet packet) {
    return packet.checksumValid() && !packet.moreFragments();
  }

  /**
   * Of a protocol that it does not know, the kernel takes the whole payload for summed, in IPv4
   * with the IP header, whose own sum holds, in IPv6 with the pseudo header, and so mostly sends
   * nothing.
   */
  private static boolean sumHolds(Packet packet) {
    byte[] bytes = WireFormat.encode(packet);
    int from = packet.networkHeaderBytes();
    if (packet.family() == IpFamily.IPV4) {
      return sum(bytes, from, bytes.length, ONES) == ONES;
    }
    int pseudoHeader = sum(bytes, V6_ADDRESSES, V6_HEADER, bytes.length - from + packet.protocol());
    return from < bytes.length && sum(bytes, from, bytes.length, pseudoHeader) == ONES;
  }

  /** Returns the ones' complement sum of words of 16 bits, and of a start below 2^17. */
  private static int sum(byte[] bytes, int from, int to, int start) {
    int sum = start;
    for (int i = from; i < to; i += 2) {
      int low = i + 1 < to ? bytes[i + 1] & 0xff : 0;
      sum += (bytes[i] & 0xff) << 8 | low;
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (sum & 0xffff) + (sum >>> 16);
  }

  /** Sends a RST and moves the connection of the packet to CLOSE. */
  void reset(Packet packet) {
    if (packet.protocol() != IpProtocol.TCP
        || packet.isLaterFragment()
        || packet.transportTruncated()
        || (packet.tcpFlags() & TcpFlags.RST) != 0
        || !transportSumHolds(packet)
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
