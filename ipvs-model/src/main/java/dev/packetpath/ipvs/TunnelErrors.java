package dev.packetpath.ipvs;

import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.Packet;

/**
 * Tells clients what became of their packets in a tunnel (the part of ip_vs_in_icmp of
 * net/netfilter/ipvs/ip_vs_core.c, Linux 6.1, that answers errors about tunnels).
 */
final class TunnelErrors {

  private final Host host;
  private final Ipvs ipvs;
  private final PathMtus paths;

  TunnelErrors(Host host, Ipvs ipvs, PathMtus paths) {
    this.host = host;
    this.ipvs = ipvs;
    this.paths = paths;
  }

  /** Sends the client of a packet an error like the one about the packet that wrapped it. */
  Verdict tellClient(Packet error, QuotedTunnel.Quote.Wrapped quote, HookState state) {
    Packet request = quote.request();
    IpvsConnection connection = ipvs.lookUp(request);
    if (!connection.exists()) {
      return Verdict.ACCEPT;
    }
    if (!error.checksumValid()) {
      return Verdict.DROP;
    }
    int info = error.icmpId() << 16 | error.icmpSequence();
    IcmpError told = new IcmpError(error.icmpType(), error.icmpCode(), info);
    if (told.isTooLong(IpFamily.IPV4)) {
      int mtu = learn(error, connection.server());
      if (!request.dontFragment()) {
        return Verdict.STOLEN;
      }
      int headers = quote.outerBytes();
      boolean fits = mtu > IpFamily.IPV4.leastMtu() + headers;
      told = IcmpError.tooLong(IpFamily.IPV4, fits ? mtu - headers : mtu);
    }
    int length = quote.requestBytes();
    request.attach(Route.OF_PACKET, error.attachment(Route.OF_PACKET));
    host.sendIcmpError(request, length, state.in(), told, "ip_vs");
    ipvs.countOut(connection, length);
    return Verdict.STOLEN;
  }

  /**
   * Notes the length that an error names, and returns the one of the route by which the server is
   * reached: its old one if that was found before the first such error.
   */
  private int learn(Packet error, RealServer server) {
    IpAddress address = error.inner().destination();
    int told = error.icmpSequence();
    Route route = server.exists() ? server.route() : Route.NONE;
    if (!route.isUsable()) {
      return told;
    }
    paths.learn(address, told, route);
    return server.routeKnowsPath() ? paths.of(address, route) : route.largestPacket();
  }
}
