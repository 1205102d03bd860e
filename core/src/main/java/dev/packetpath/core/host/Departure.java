package dev.packetpath.core.host;

import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Fragments;
import dev.packetpath.core.packet.Packet;

/**
 * The end of a packet's way through a host: it leaves by a device, cut where it is too long.
 *
 * <p>Source: net/ipv4/ip_output.c and its IPv6 twin, Linux 6.1.
 */
final class Departure {
  private final Host host;
  private final Backlog backlog;

  Departure(Host host, Backlog backlog) {
    this.host = host;
    this.backlog = backlog;
  }

  /**
   * A packet that came in pieces leaves in the same pieces, or, if they cannot stay as they are, in
   * pieces as large as the largest that came; one too long in pieces that fit.
   */
  void transmit(Packet packet, Route route) {
    Device out = route.device();
    int most = route.largestPacket();
    int largest = packet.pieces().largest();
    int mostBytes = largest > 0 ? Math.min(largest, most) : most;
    boolean v4 = packet.family() == IpFamily.IPV4;
    if (packet.length() <= mostBytes || (packet.isFragment() && !v4)) {
      emit(packet, out);
    } else if (largest <= most && packet.pieces().canStay()) {
      Fragments.asTheyCame(packet).forEach(piece -> emit(piece, out));
    } else {
      boolean enlarged = !v4 && largest > 0;
      int limit = enlarged ? Math.max(mostBytes, IpFamily.IPV6.leastMtu()) : mostBytes;
      Fragments.of(packet, limit).forEach(piece -> emit(piece, out));
    }
  }

  /**
   * Returns how long a packet may be to be forwarded, in bytes. A route's own MTU counts for IPv4
   * then, for IPv6 only when the packet leaves (ip_forward, ip6_forward).
   */
  static int mostToForward(IpFamily family, Route route) {
    return family == IpFamily.IPV4
        ? route.largestPacket()
        : Math.max(route.device().mtu(), IpFamily.IPV6.leastMtu());
  }

  /** Returns the bytes of the largest fragment that a packet came in, or of the packet. */
  static int largestPiece(Packet packet) {
    int largest = packet.pieces().largest();
    return largest > 0 ? largest : packet.length();
  }

  /**
   * Returns whether a packet is too long for its route and may not be cut. What was put together
   * from fragments may, if those fit; an IPv6 packet of another host may not otherwise
   * (ip_fragment, ip6_fragment).
   *
   * @param in the device it came in by, {@link Device#NONE} if this host sent it
   */
  static boolean isTooLong(Packet packet, Device in, Route route) {
    int most = route.largestPacket();
    if (packet.length() <= most || largestPiece(packet) <= most) {
      return false;
    }
    return packet.dontFragment() || (packet.family() == IpFamily.IPV6 && in.exists());
  }

  /** Lets a packet leave as it is. */
  void emit(Packet packet, Device out) {
    if (out.loopback()) {
      overLoopback(packet, out);
      return;
    }
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.Emitted(out, packet.copy()));
    }
    host.sink().emitted(out, packet);
  }

  /** Lets a packet come back by the loopback device. */
  void overLoopback(Packet packet, Device in) {
    backlog.add(packet, in);
    backlog.letIn();
  }
}
