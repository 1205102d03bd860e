package dev.packetpath.core.host;

import com.google.common.collect.RangeSet;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.IcmpTypes;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.packet.Packet;

/**
 * Makes the ICMP and ICMPv6 errors that the kernel sends about a packet (net/ipv4/icmp.c,
 * __icmp_send, and net/ipv6/icmp.c, icmp6_send, Linux 6.1).
 */
final class IcmpErrors {
  private static final int V4_QUOTED_AT_MOST = 576 - 20 - 8;
  private static final int V6_QUOTED_AT_MOST = IpFamily.IPV6.leastMtu() - 40 - 8;
  private static final int V4_TOS = 0xc0;

  /** Destination unreachable, source quench, time exceeded and parameter problem. */
  private static final long LIMITED_TYPES_V4 = 0x1818;

  private static final String LIMITED_TYPES_V6 = "0-1,3-127";

  private final Host host;
  private final IcmpRateLimit limitV4;
  private final IcmpRateLimit limitV6;
  private final long limitedTypesV4;
  private final RangeSet<Long> limitedTypesV6;
  private final boolean inboundAddress;

  IcmpErrors(Host host) {
    this.host = host;
    this.limitV4 = new IcmpRateLimit(host.sysctls(), "net.ipv4.icmp_ratelimit", host.clock());
    this.inboundAddress = host.sysctls().flag("net.ipv4.icmp_errors_use_inbound_ifaddr", false);
    this.limitedTypesV4 = host.sysctls().number("net.ipv4.icmp_ratemask", LIMITED_TYPES_V4);
    this.limitedTypesV6 = host.sysctls().numbers("net.ipv6.icmp.ratemask", LIMITED_TYPES_V6);
    this.limitV6 = new IcmpRateLimit(host.sysctls(), "net.ipv6.icmp.ratelimit", host.clock());
  }

  void send(Packet about, int bytes, Device in, IcmpError error, String by) {
    if (!deservesError(about, error)
        || network().addressType(about.source(), Device.NONE) == AddressType.ANYCAST) {
      return;
    }
    boolean v4 = about.family() == IpFamily.IPV4;
    if (isLimited(about, error) && !(v4 ? limitV4 : limitV6).allows(about.source())) {
      return;
    }
    Packet quoted = about.copy();
    quoted.clearAttachments();
    int room = v4 ? V4_QUOTED_AT_MOST : V6_QUOTED_AT_MOST;
    Packet message =
        new Packet()
            .addresses(errorSource(about, in), about.source())
            .protocol(v4 ? IpProtocol.ICMP : IpProtocol.ICMPV6)
            .icmpType(error.type())
            .icmpCode(error.code())
            .icmpId(error.info() >>> 16)
            .icmpSequence(error.info() & 0xffff)
            .ttl(64)
            .tos(v4 ? (about.tos() & 0x1e) | V4_TOS : 0)
            .ofKernelSocket(true)
            .inner(quoted, Math.min(bytes, room));
    host.sendAnswer(message, about, about.source().isLinkLocal() ? in : Device.NONE, by);
  }

  /** Tells the sender of a received packet that there is no route, in the words of its family. */
  void sendNoRoute(Packet about, Device in, Errno why) {
    boolean v4 = about.family() == IpFamily.IPV4;
    if (v4 && !limitV4.allowsRoutingError(about.source())) {
      return;
    }
    int code =
        switch (why) {
          case EACCES -> v4 ? 13 : 1;
          case EHOSTUNREACH -> v4 ? 1 : 0;
          default -> 0;
        };
    send(about, about.length(), in, IcmpError.unreachable(about.family(), code), "routing");
  }

  /**
   * Path MTU discovery, senders on this host and types that the settings do not name are not
   * limited.
   */
  private boolean isLimited(Packet about, IcmpError error) {
    boolean named =
        about.family() == IpFamily.IPV4
            ? (limitedTypesV4 >>> error.type() & 1) != 0
            : limitedTypesV6.contains((long) error.type());
    return named
        && !error.isTooLong(about.family())
        && network().addressType(about.source(), Device.NONE) != AddressType.LOCAL;
  }

  private Network network() {
    return host.network();
  }

  /** No error about an error, a later fragment, a broadcast or a group (RFC 1122 section 3.2.2). */
  private static boolean deservesError(Packet about, IcmpError error) {
    IpAddress source = about.source();
    boolean aboutError =
        about.isIcmp()
            && !about.isLaterFragment()
            && IcmpTypes.isUnanswerable(about.family(), about.icmpType());
    boolean tooBig = about.family() == IpFamily.IPV6 && error.isTooLong(IpFamily.IPV6);
    return !aboutError
        && !(about.isLaterFragment() && about.family() == IpFamily.IPV4)
        && about.linkType() == LinkType.HOST
        && (tooBig || !about.destination().isMulticast())
        && !GroupRoutes.isBroadcast(about, about.attachment(Route.OF_PACKET))
        && !source.isAny()
        && !source.isMulticast();
  }

  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  private static boolean isRouted(Packet packet) {
    return packet.attachment(Route.OF_PACKET) != Route.NONE;
  }

  private IpAddress errorSource(Packet about, Device in) {
    Network network = network();
    AddressType type = network.addressType(about.destination(), Device.NONE);
    // net/ipv4/icmp.c, __icmp_send: the host answers as whom the packet was routed to; one that is
    // rejected before that is given the route back (nf_reject_fill_skb_dst).
    // net/ipv6/icmp.c, icmp6_send: a local route alone does not make an address the host's own.
    boolean own =
        about.family() == IpFamily.IPV4
            ? type == AddressType.LOCAL && isRouted(about)
            : network.isOfDevice(about.destination());
    if (own || type == AddressType.ANYCAST) {
      return about.destination();
    }
    if (inboundAddress && about.family() == IpFamily.IPV4 && in.exists()) {
      return network.selectSource(in, about.source());
    }
    Route back = network.route(RouteQuery.to(about.source()));
    if (back.isUsable()) {
      if (!back.source().isAny()) {
        return back.source();
      }
      if (back.isLocal()) {
        return about.source();
      }
      // net/ipv6/icmp.c, icmp6_send: an address of the device that the packet came in by.
      if (about.family() == IpFamily.IPV6 && in.exists()) {
        return network.selectSource(in, about.source());
      }
      return network.selectSource(back.device(), back.selectingBy(about.source()));
    }
    return network.primaryAddress(in, about.family());
  }
}
