package dev.packetpath.core.host;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookShortcut;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.Reassembly;
import dev.packetpath.core.packet.TcpFlags;
import java.util.List;

/**
 * The way of a packet that comes to a host: received, then delivered or forwarded.
 *
 * <p>Source: net/ipv4/ip_input.c, ip_forward.c, route.c and their IPv6 twins, Linux 6.1.
 */
final class PacketInput {
  private static final long FRAGMENTS_WAIT_NS = 30 * VirtualClock.NS_PER_SECOND;
  private static final int V6_BEYOND_SCOPE = 2;

  private final Host host;
  private final LocalSockets localSockets;
  private final HookPassage passage;
  private final PacketOutput output;
  private final SourceCheck sourceCheck;
  private final GroupRoutes groupRoutes;
  private final InterfaceSettings.OfDevices settings;
  private final Reassembly reassembly;
  private final PathRecording recording;
  private final KnownPaths knownPaths;
  private final Backlog backlog;

  PacketInput(Host host, LocalSockets localSockets) {
    this.host = host;
    this.localSockets = localSockets;
    this.recording = host.recording();
    long mostWaiting = host.sysctls().number("net.core.netdev_max_backlog", 1000);
    this.backlog = new Backlog(mostWaiting, this::arrive, this::drop);
    this.passage = new HookPassage(host, backlog);
    this.reassembly = new Reassembly(host.clock(), FRAGMENTS_WAIT_NS, FRAGMENTS_WAIT_NS);
    this.settings = new InterfaceSettings.OfDevices(host.sysctls());
    this.sourceCheck = new SourceCheck(host.network(), settings);
    this.groupRoutes = new GroupRoutes(host.network());
    Departure departure = new Departure(host, backlog);
    this.knownPaths = new KnownPaths(recording, departure);
    this.output = new PacketOutput(host, passage, sourceCheck, groupRoutes, departure, knownPaths);
  }

  /** Returns what sends the packets of this host. */
  PacketOutput output() {
    return output;
  }

  void shortcut(HookShortcut shortcut) {
    passage.shortcut(shortcut);
  }

  void fastPath(FastPath fastPath) {
    knownPaths.use(fastPath);
  }

  void receive(Packet packet, Device in) {
    boolean heldBefore = backlog.hold();
    if (passes(packet, in)) {
      backlog.release(heldBefore); // behind the hooks' code a call of 17 instructions
      return;
    }
    host.startPacket();
    goOverHooks(packet, in);
    knownPaths.end();
    backlog.release(heldBefore);
  }

  /** Lets those who will see packets of a burst first read what they will need. */
  void lookAhead(List<Packet> burst, int from, int end, Device in) {
    boolean passAll = !host.trace().isOn() && knownPaths.lookAhead(burst, from, end);
    if (!passAll) {
      passage.lookAhead(burst, from, end, in);
    }
  }

  /** A packet comes back over loopback. */
  private void arrive(Packet packet, Device in) {
    if (!passes(packet, in)) {
      goOverHooks(packet, in);
      knownPaths.end();
    }
  }

  /** Sends a packet on that need not go over the hooks; returns false if it has to. */
  private boolean passes(Packet packet, Device in) {
    recording.stop();
    return !host.trace().isOn()
        && packet.linkType() == LinkType.HOST
        && knownPaths.passes(packet, in);
  }

  private void goOverHooks(Packet packet, Device in) {
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.Received(in, packet.copy()));
    }
    if (packet.linkType() == LinkType.OTHERHOST) {
      drop("addressed to another host on the link");
      return;
    }
    // IPv6 looks at the addresses on reception, IPv4 when it routes.
    boolean v6 = packet.family() == IpFamily.IPV6;
    boolean refused = v6 && (refusesAddresses(packet, in) || refusesFrame(packet, in));
    if (!refused && passage.receives(packet, in)) {
      afterPrerouting(packet, in);
    }
  }

  /**
   * Returns whether a packet to one host is dropped because its frame went to several
   * (drop_unicast_in_l2_multicast; ip_rcv_finish_core, ip6_rcv_core). That an IPv4 packet goes to
   * one host is for the caller to know, by its route.
   */
  private boolean refusesFrame(Packet packet, Device in) {
    if (packet.linkType() != LinkType.BROADCAST && packet.linkType() != LinkType.MULTICAST) {
      return false;
    }
    InterfaceSettings ofDevice = settings.of(in);
    boolean refuses =
        packet.family() == IpFamily.IPV4
            ? ofDevice.dropsUnicastToMany()
            : ofDevice.dropsUnicastToManyIpv6() && !packet.destination().isMulticast();
    if (refuses) {
      drop("sent to more hosts on the link than this one, and drop_unicast_in_l2_multicast is 1");
    }
    return refuses;
  }

  /**
   * Takes a packet to where its route leads (ip_rcv_finish, ip6_rcv_finish). Of more than 325 bytes
   * (HotSpot's FreqInlineSize), so it is compiled by itself: within {@link #receive}, behind all of
   * PREROUTING, no call was inlined any more, and a new connection took 100 instructions more.
   */
  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  private void afterPrerouting(Packet packet, Device in) {
    boolean v4 = packet.family() == IpFamily.IPV4;
    Route route = packet.attachment(Route.OF_PACKET);
    if (!route.isUsable()) {
      boolean ordinary = SourceCheck.isOrdinary(packet);
      if (v4 && !ordinary && refusesAddresses(packet, in)) {
        return;
      }
      Route ofGroup = ordinary ? Route.NONE : groupRoutes.input(packet, in);
      if (ofGroup != Route.NONE) {
        route = passage.routed(ofGroup, "input");
      } else if (!v4 && packet.destination().isLinkLocal()) {
        route = output.lookUp(RouteQuery.of(packet, in).leavingBy(in), "input");
      } else {
        route = passage.routed(host.network().route(packet, in), "input");
      }
      if (!route.isUsable()) {
        unroutable(packet, in, route);
        return;
      }
      String refusal = sourceCheck.refusesWayBack(packet, in, route);
      if (!refusal.isEmpty()) {
        drop(refusal);
        return;
      }
      packet.attach(Route.OF_PACKET, route);
      if (v4 && packet.protocol() == IpProtocol.TCP) { // tcp_v4_early_demux
        packet.pullTransportHeader();
      }
    }
    boolean toMany = route.type() == AddressType.BROADCAST || route.type() == AddressType.MULTICAST;
    if (v4 && !toMany && refusesFrame(packet, in)) {
      return;
    }
    switch (route.type()) {
      case LOCAL, BROADCAST, ANYCAST -> deliver(packet, in);
      case MULTICAST -> {
        if (groupRoutes.hears(packet, in)) {
          deliver(packet, in);
        } else {
          drop("group " + packet.destination() + " has no member here");
        }
      }
      default -> forward(packet, in, route);
    }
  }

  private boolean refusesAddresses(Packet packet, Device in) {
    String refusal = sourceCheck.refusesAddresses(packet, in);
    if (!refusal.isEmpty()) {
      drop(refusal);
    }
    return !refusal.isEmpty();
  }

  /** IPv6 tells the sender even where nothing is forwarded (net/ipv6/route.c, ip6_pkt_drop). */
  private void unroutable(Packet packet, Device in, Route route) {
    boolean silent = packet.family() == IpFamily.IPV4 && !forwards(IpFamily.IPV4, in);
    drop(route.toString());
    if (!silent && route.type() != AddressType.BLACKHOLE) {
      host.sendNoRoute(packet, in, route.failure());
    }
  }

  /** An IPv4 packet is whole before INPUT; fragments of an IPv6 packet pass INPUT one by one. */
  private void deliver(Packet packet, Device in) {
    recording.differs();
    knownPaths.end();
    if (packet.isFragment()
        && packet.family() == IpFamily.IPV4
        && reassembly.take(packet, false) != Reassembly.Outcome.WHOLE) {
      return;
    }
    if (!passage.accepts(packet, Hook.INPUT, in, Device.NONE)) {
      return;
    }
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.Delivered(packet.copy()));
    }
    host.sink().delivered(packet);
    if (localSockets == LocalSockets.RST
        && packet.protocol() == IpProtocol.TCP
        && !packet.isLaterFragment()
        && (packet.tcpFlags() & TcpFlags.RST) == 0) {
      output.send(TcpReset.answer(packet), Device.NONE, "closed port");
    }
  }

  private void forward(Packet packet, Device in, Route route) {
    boolean v4 = packet.family() == IpFamily.IPV4;
    if (!forwards(packet.family(), in)) {
      drop("forwarding is off");
      return;
    }
    if (packet.linkType() != LinkType.HOST) {
      drop("sent to more hosts on the link than this one, so none forwards it");
      return;
    }
    if (packet.ttl() <= 1) {
      drop("the time to live ran out");
      host.sendIcmpError(packet, in, IcmpError.timeExceeded(packet.family()), "forwarding");
      return;
    }
    if (!v4 && !route.device().equals(in) && !SourceCheck.mayBeForwardedFrom(packet.source())) {
      drop("source " + packet.source() + " stays on its link");
      if (packet.source().isLinkLocal()) {
        IcmpError error = IcmpError.unreachable(IpFamily.IPV6, V6_BEYOND_SCOPE);
        host.sendIcmpError(packet, in, error, "forwarding");
      }
      return;
    }
    int most = Departure.mostToForward(packet.family(), route);
    if (Departure.largestPiece(packet) > most && (!v4 || packet.dontFragment())) {
      output.refuseTooLong(packet, in, route, most, "forwarding");
      return;
    }
    packet.ttl(packet.ttl() - 1);
    if (passage.forwards(packet, in, route.device())) {
      output.leave(packet, in, route);
    } else if (passage.accepts(packet, Hook.FORWARD, in, route.device())) {
      output.afterRouting(packet, in);
    }
  }

  private boolean forwards(IpFamily family, Device in) {
    if (family == IpFamily.IPV6) {
      return host.sysctls().flag("net.ipv6.conf.all.forwarding", true);
    }
    return settings.of(in).forwards();
  }

  private void drop(String reason) {
    passage.drop(reason);
  }
}
