package dev.packetpath.core.host;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.Hook;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.packet.Packet;

/**
 * The way of a packet out of a host: sent by it or forwarded.
 *
 * <p>Source: net/ipv4/ip_output.c, route.c and their IPv6 twins, Linux 6.1.
 */
final class PacketOutput {
  private final Host host;
  private final HookPassage passage;
  private final SourceCheck sourceCheck;
  private final GroupRoutes groupRoutes;
  private final Departure departure;
  private final KnownPaths knownPaths;

  PacketOutput(
      Host host,
      HookPassage passage,
      SourceCheck sourceCheck,
      GroupRoutes groupRoutes,
      Departure departure,
      KnownPaths knownPaths) {
    this.host = host;
    this.passage = passage;
    this.sourceCheck = sourceCheck;
    this.groupRoutes = groupRoutes;
    this.departure = departure;
    this.knownPaths = knownPaths;
  }

  /**
   * Sends a packet of a socket, which may not send to a broadcast address. What must stay whole is
   * refused if no packet on the device is as long (net/ipv4/raw.c, raw_send_hdrinc).
   */
  Errno sendOfSocket(Packet packet, String by) {
    Route route = outputRoute(packet, Device.NONE, by);
    if (route.isUsable() && GroupRoutes.isBroadcast(packet, route)) {
      passage.drop("destination " + packet.destination() + " is a broadcast address", Errno.EACCES);
      return Errno.EACCES;
    }
    if (route.isUsable() && packet.dontFragment() && packet.length() > route.device().mtu()) {
      passage.drop("longer than the MTU of " + route.device(), Errno.EMSGSIZE);
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
        : passage.routed(route, "output");
  }

  private Errno send(Packet packet, Route route) {
    if (!route.isUsable()) {
      passage.drop(route.toString(), route.failure());
      return route.failure();
    }
    if (packet.source().isAny() && !GroupRoutes.mayLackSource(packet)) {
      packet.source(sourceFor(packet, route));
    }
    return sendOver(packet, Device.NONE, route);
  }

  /** Sends a copy of a packet by a route, see {@link Host#sendCopy}. */
  void sendCopy(Packet copy, Device in, Route route, String by) {
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.Sent(by, copy.copy()));
    }
    sendOver(copy, in, route);
  }

  /** Sends on a packet that a hook function keeps, see {@link Host#sendOn}. */
  void sendOn(Packet packet, Route route, String by) {
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.SentOn(by));
    }
    sendOver(packet, Device.NONE, route);
  }

  /** Sends a packet that POSTROUTING sees with the device it came in by. */
  @CanIgnoreReturnValue
  private Errno sendOver(Packet packet, Device in, Route route) {
    host.recording().differs();
    packet.attach(Route.OF_PACKET, route);
    Verdict verdict = passage.run(packet, Hook.OUTPUT, Device.NONE, route.device());
    return verdict == Verdict.ACCEPT
        ? afterRouting(packet, in)
        : HookPassage.errno(packet, verdict);
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
  @CanIgnoreReturnValue
  Errno afterRouting(Packet packet, Device in) {
    Route route = packet.attachment(Route.OF_PACKET);
    if (!in.exists() && groupRoutes.loopsBack(packet, route)) {
      loopBack(packet.copy(), route.device());
    }
    Verdict verdict = passage.run(packet, Hook.POSTROUTING, in, route.device());
    return verdict == Verdict.ACCEPT
        ? leave(packet, in, route)
        : HookPassage.errno(packet, verdict);
  }

  /** Lets a packet out by the device of its route, unless it is too long for that. */
  @CanIgnoreReturnValue
  Errno leave(Packet packet, Device in, Route route) {
    if (Departure.isTooLong(packet, in, route)) {
      refuseTooLong(packet, in, route, route.largestPacket(), "output");
      return Errno.EMSGSIZE;
    }
    if (GroupRoutes.staysOnHost(packet, route)) {
      passage.drop("group " + packet.destination() + " does not leave its host");
      return Errno.OK;
    }
    knownPaths.leaves(packet, in, route);
    departure.transmit(packet, route);
    return Errno.OK;
  }

  /** Drops a packet that is longer than {@code most} bytes and tells its sender. */
  void refuseTooLong(Packet packet, Device in, Route route, int most, String by) {
    passage.drop("longer than the MTU of " + route.device() + ", " + most, Errno.EMSGSIZE);
    host.sendIcmpError(packet, in, IcmpError.tooLong(packet.family(), most), by);
  }

  /** This host's own copy of what it sends to all hosts (ip_output.c, ip_mc_output). */
  private void loopBack(Packet copy, Device out) {
    copy.attach(Route.OF_PACKET, GroupRoutes.toThisHost(out));
    if (passage.accepts(copy, Hook.POSTROUTING, Device.NONE, out)) {
      copy.linkType(LinkType.LOOPBACK);
      departure.overLoopback(copy, out);
    }
  }

  /** Routes a packet of this host again, see {@link Host#reroute}. */
  Errno reroute(Packet packet, String why) {
    Route route = sourceCheck.leaving(packet, passage.routed(groupRoutes.again(packet), why));
    if (route.isUsable()) {
      packet.attach(Route.OF_PACKET, route);
    } else {
      packet.attach(Errno.OF_DROP, route.failure());
    }
    return route.failure();
  }

  /** Returns whether there is a route for an answer of this host. */
  boolean canSend(Packet answer) {
    Route route = host.network().route(RouteQuery.of(answer, Device.NONE));
    return sourceCheck.leaving(answer, route).isUsable();
  }

  /** Makes a routing decision and tells of it. */
  Route lookUp(RouteQuery query, String why) {
    return passage.routed(host.network().route(query), why);
  }
}
