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
  private static final int MIN_IPV6_MTU = 1280;

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
    if (packet.isFragment() || packet.length() <= mostBytes) {
      emit(packet, out);
    } else if (packet.pieces().canStay()) {
      Fragments.asTheyCame(packet).forEach(piece -> emit(piece, out));
    } else {
      boolean enlarged = packet.family() == IpFamily.IPV6 && largest > 0;
      int limit = enlarged ? Math.max(mostBytes, MIN_IPV6_MTU) : mostBytes;
      Fragments.of(packet, limit).forEach(piece -> emit(piece, out));
    }
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
