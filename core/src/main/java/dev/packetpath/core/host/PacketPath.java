package dev.packetpath.core.host;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookRunner;
import dev.packetpath.core.HookShortcut;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Operation;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.Reassembly;
import dev.packetpath.core.packet.TcpFlags;
import java.util.stream.Stream;

/**
 * The ways of a packet through a host: received, forwarded, delivered, sent.
 *
 * <p>Source: net/ipv4/ip_input.c, ip_forward.c, ip_output.c, route.c and their IPv6 twins, Linux
 * 6.1.
 */
final class PacketPath {
  private static final long FRAGMENTS_WAIT_NS = 30 * VirtualClock.NS_PER_SECOND;
  private static final int V6_BEYOND_SCOPE = 2;
  private static final Operation ROUTE_LOOKUP = Operation.named("routeLookup");

  private final Host host;
  private final LocalSockets localSockets;
  private final HookRunner runner;
  private final SourceCheck sourceCheck;
  private final GroupRoutes groupRoutes;
  private final InterfaceSettings.OfDevices settings;
  private final Reassembly reassembly;
  private final HookStates[] states =
      Stream.of(Hook.values()).map(HookStates::new).toArray(HookStates[]::new);
  private final PathRecording recording;
  private final KnownPaths knownPaths;
  private final Backlog backlog;
  private final Departure departure;

  PacketPath(Host host, LocalSockets localSockets) {
    this.host = host;
    this.localSockets = localSockets;
    this.recording = host.recording();
    long mostWaiting = host.sysctls().number("net.core.netdev_max_backlog", 1000);
    this.backlog = new Backlog(mostWaiting, this::arrive, this::drop);
    this.runner = new HookRunner(host.hooks(), host.work(), host.trace(), backlog, recording);
    this.reassembly = new Reassembly(host.clock(), FRAGMENTS_WAIT_NS, FRAGMENTS_WAIT_NS);
    this.settings = new InterfaceSettings.OfDevices(host.sysctls());
    this.sourceCheck = new SourceCheck(host.network(), settings);
    this.groupRoutes = new GroupRoutes(host.network());
    this.departure = new Departure(host, backlog);
    this.knownPaths = new KnownPaths(recording, departure);
  }

  void shortcut(HookShortcut shortcut) {
    runner.shortcut(shortcut);
  }

  void fastPath(FastPath fastPath) {
    knownPaths.use(fastPath);
  }

  void receive(Packet packet, Device in) {
    boolean heldBefore = backlog.hold();
    arrive(packet, in);
    backlog.release(heldBefore);
  }

  private void arrive(Packet packet, Device in) {
    recording.stop();
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.Received(in, packet.copy()));
    } else if (knownPaths.passes(packet, in)) {
      return;
    }
    goOverHooks(packet, in);
    knownPaths.end();
  }

  private void goOverHooks(Packet packet, Device in) {
    // IPv6 looks at the addresses on reception, IPv4 when it routes.
    boolean v6 = packet.family() == IpFamily.IPV6;
    if ((v6 && refusesAddresses(packet, in))
        || !accepted(packet, Hook.PREROUTING, in, Device.NONE)) {
      return;
    }
    Route route = packet.attachment(Route.OF_PACKET);
    if (!route.isUsable()) {
      if (!v6 && refusesAddresses(packet, in)) {
        return;
      }
      route = inputRoute(packet, in);
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
      if (!v6 && packet.protocol() == IpProtocol.TCP) { // tcp_v4_early_demux
        packet.pullTransportHeader();
      }
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

  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  private Route inputRoute(Packet packet, Device in) {
    Route route = SourceCheck.isOrdinary(packet) ? Route.NONE : groupRoutes.input(packet, in);
    if (route != Route.NONE) {
      return routed(route, "input");
    }
    boolean ofLink = packet.family() == IpFamily.IPV6 && packet.destination().isLinkLocal();
    return ofLink
        ? lookUp(RouteQuery.of(packet, in).leavingBy(in), "input")
        : routed(host.network().route(packet, in), "input");
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
        && !reassembly.completes(packet, false)) {
      return;
    }
    if (!accepted(packet, Hook.INPUT, in, Device.NONE)) {
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
      send(TcpReset.answer(packet), Device.NONE, "closed port");
    }
  }

  private void forward(Packet packet, Device in, Route route) {
    boolean v4 = packet.family() == IpFamily.IPV4;
    if (!forwards(packet.family(), in)) {
      drop("forwarding is off");
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
      tooLong(packet, in, route, most, "forwarding");
      return;
    }
    packet.ttl(packet.ttl() - 1);
    if (runner.forwards(packet, in, route.device())) {
      leave(packet, in, route);
    } else if (accepted(packet, Hook.FORWARD, in, route.device())) {
      output(packet, in);
    }
  }

  private void tooLong(Packet packet, Device in, Route route, int most, String by) {
    drop("longer than the MTU of " + route.device() + ", " + most, Errno.EMSGSIZE);
    host.sendIcmpError(packet, in, IcmpError.tooLong(packet.family(), most), by);
  }

  private boolean forwards(IpFamily family, Device in) {
    if (family == IpFamily.IPV6) {
      return host.sysctls().flag("net.ipv6.conf.all.forwarding", true);
    }
    return settings.of(in).forwards();
  }

  /**
   * Sends a packet of a socket, which may not send to a broadcast address. What must stay whole is
   * refused if no packet on the device is as long (net/ipv4/raw.c, raw_send_hdrinc).
   */
  Errno sendOfSocket(Packet packet, String by) {
    Route route = outputRoute(packet, Device.NONE, by);
    if (route.isUsable() && GroupRoutes.isBroadcast(packet, route)) {
      drop("destination " + packet.destination() + " is a broadcast address", Errno.EACCES);
      return Errno.EACCES;
    }
    if (route.isUsable() && packet.dontFragment() && packet.length() > route.device().mtu()) {
      drop("longer than the MTU of " + route.device(), Errno.EMSGSIZE);
      return Errno.EMSGSIZE;
    }
    return send(packet, route);
  }

  /** Sends a packet by a device, {@link Device#NONE} for any. */
  Errno send(Packet packet, Device out, String by) {
    return send(packet, sourceCheck.leaving(packet, outputRoute(packet, out, by)));
  }

  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  private Route outputRoute(Packet packet, Device out, String by) {
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.Sent(by, packet.copy()));
    }
    Route route = groupRoutes.output(packet.destination());
    return route == Route.NONE
        ? lookUp(RouteQuery.of(packet, Device.NONE).leavingBy(out), "output")
        : routed(route, "output");
  }

  private Errno send(Packet packet, Route route) {
    if (!route.isUsable()) {
      drop(route.toString(), route.failure());
      return route.failure();
    }
    if (packet.source().isAny() && !GroupRoutes.mayLackSource(packet)) {
      packet.source(sourceFor(packet, route));
    }
    return sendOver(packet, Device.NONE, route);
  }

  void sendCopy(Packet copy, Device in, Route route, String by) {
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.Sent(by, copy.copy()));
    }
    sendOver(copy, in, route);
  }

  void sendOn(Packet packet, Route route, String by) {
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.SentOn(by));
    }
    sendOver(packet, Device.NONE, route);
  }

  /** Sends a packet that POSTROUTING sees with the device it came in by. */
  @CanIgnoreReturnValue
  private Errno sendOver(Packet packet, Device in, Route route) {
    recording.differs();
    packet.attach(Route.OF_PACKET, route);
    Verdict verdict = runner.run(packet, at(Hook.OUTPUT, Device.NONE, route.device()));
    if (verdict != Verdict.ACCEPT) {
      return dropped(packet, Hook.OUTPUT, verdict);
    }
    return output(packet, in);
  }

  private IpAddress sourceFor(Packet packet, Route route) {
    if (!route.source().isAny()) {
      return route.source();
    }
    IpAddress to = packet.destination();
    return route.isLocal() && (to.family() == IpFamily.IPV4 || host.network().isOfDevice(to))
        ? to
        : host.network().selectSource(route.device(), route.selectingBy(to));
  }

  /** The common end of forwarding and of local sending: POSTROUTING, then the device. */
  private Errno output(Packet packet, Device in) {
    Route route = packet.attachment(Route.OF_PACKET);
    if (!in.exists() && groupRoutes.loopsBack(packet, route)) {
      loopBack(packet.copy(), route.device());
    }
    Verdict verdict = runner.run(packet, at(Hook.POSTROUTING, in, route.device()));
    if (verdict != Verdict.ACCEPT) {
      return dropped(packet, Hook.POSTROUTING, verdict);
    }
    return leave(packet, in, route);
  }

  @CanIgnoreReturnValue
  private Errno leave(Packet packet, Device in, Route route) {
    if (Departure.isTooLong(packet, in, route)) {
      tooLong(packet, in, route, route.largestPacket(), "output");
      return Errno.EMSGSIZE;
    }
    knownPaths.leaves(packet, in, route);
    departure.transmit(packet, route);
    return Errno.OK;
  }

  /** This host's own copy of what it sends to all hosts (ip_output.c, ip_mc_output). */
  private void loopBack(Packet copy, Device out) {
    copy.attach(Route.OF_PACKET, GroupRoutes.toThisHost(out));
    if (accepted(copy, Hook.POSTROUTING, Device.NONE, out)) {
      departure.overLoopback(copy, out);
    }
  }

  Errno reroute(Packet packet, String why) {
    Route route = sourceCheck.leaving(packet, routed(groupRoutes.again(packet), why));
    if (route.isUsable()) {
      packet.attach(Route.OF_PACKET, route);
    } else {
      packet.attach(Errno.OF_DROP, route.failure());
    }
    return route.failure();
  }

  boolean canSend(Packet answer) {
    Route route = host.network().route(RouteQuery.of(answer, Device.NONE));
    return sourceCheck.leaving(answer, route).isUsable();
  }

  Route lookUp(RouteQuery query, String why) {
    return routed(host.network().route(query), why);
  }

  private Route routed(Route route, String why) {
    host.work().add(ROUTE_LOOKUP);
    if (recording.isOn()) {
      recording.costs(ROUTE_LOOKUP, 1);
    }
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.Routed(route, why));
    }
    return route;
  }

  private HookState at(Hook hook, Device in, Device out) {
    return states[hook.ordinal()].of(in, out);
  }

  private boolean accepted(Packet packet, Hook hook, Device in, Device out) {
    Verdict verdict = runner.run(packet, at(hook, in, out));
    if (verdict == Verdict.ACCEPT) {
      return true;
    }
    dropped(packet, hook, verdict);
    return false;
  }

  @CanIgnoreReturnValue
  private Errno dropped(Packet packet, Hook hook, Verdict verdict) {
    if (verdict != Verdict.DROP) {
      return Errno.OK;
    }
    Errno errno = packet.attachment(Errno.OF_DROP);
    drop("dropped in " + hook, errno);
    return errno;
  }

  private void drop(String reason) {
    drop(reason, Errno.OK);
  }

  private void drop(String reason, Errno errno) {
    if (recording.isOn()) {
      recording.stop(); // dropped for its own faults, before another function was called
    }
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.Dropped(reason, errno));
    }
  }
}
