package dev.packetpath.ipvs;

import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Trace;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.IpvsInfo;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * ip_vs on the hooks of a host. On INPUT, behind the filter and before source NAT, it takes packets
 * to virtual services and answers to clients of this host; on OUTPUT, behind destination NAT,
 * packets of this host; on FORWARD, last, the answers of real servers. A family's functions are
 * there while it has a service.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_core.c, ip_vs_ops4 and ip_vs_ops6, Linux 6.1.
 */
public final class IpvsHooks {
  private static final String REPLY = "ip_vs reply";
  private static final String REQUEST = "ip_vs request";
  private static final String ICMP = "ip_vs icmp";

  private final Host host;
  private final Ipvs ipvs;
  private final ConntrackLink conntrack;
  private final Transmission transmission;
  private final IcmpErrorRelay icmp;
  private final Trace trace;
  private final Set<IpFamily> registered = EnumSet.noneOf(IpFamily.class);

  private IpvsHooks(Host host, Ipvs ipvs, Optional<Conntrack> conntrack) {
    this.host = host;
    this.ipvs = ipvs;
    this.trace = host.trace();
    this.conntrack = new ConntrackLink(conntrack);
    this.transmission = new Transmission(host, ipvs::settings, this.conntrack, REQUEST);
    this.icmp = new IcmpErrorRelay(host, ipvs, this.conntrack, transmission);
  }

  /**
   * Puts ip_vs on the hooks of a host.
   *
   * @param host the host whose clock, work and decisions {@code ipvs} has
   * @param ipvs the services
   * @param conntrack connection tracking, if it is on
   */
  public static void attach(Host host, Ipvs ipvs, Optional<Conntrack> conntrack) {
    IpvsHooks hooks = new IpvsHooks(host, ipvs, conntrack);
    ipvs.unicast(
        address -> host.network().addressType(address, Device.NONE) == AddressType.UNICAST);
    ipvs.onEnd(hooks.conntrack::ended);
    ipvs.onServices(hooks::followServices);
    hooks.followServices();
  }

  private void followServices() {
    for (IpFamily family : IpFamily.values()) {
      boolean wanted = ipvs.serves(family);
      if (wanted && registered.add(family)) {
        register(family);
      } else if (!wanted && registered.remove(family)) {
        unregister(family);
      }
    }
  }

  private void register(IpFamily family) {
    register(family, Hook.INPUT, HookPriority.NAT_SRC - 2, REPLY, this::reply);
    register(family, Hook.INPUT, HookPriority.NAT_SRC - 1, REQUEST, this::request);
    register(family, Hook.OUTPUT, HookPriority.NAT_DST + 1, REPLY, this::reply);
    register(family, Hook.OUTPUT, HookPriority.NAT_DST + 2, REQUEST, this::request);
    register(family, Hook.FORWARD, HookPriority.NAT_SRC - 1, ICMP, this::forwardedIcmp);
    register(family, Hook.FORWARD, HookPriority.NAT_SRC, REPLY, this::reply);
  }

  private void register(
      IpFamily family, Hook hook, int priority, String name, HookFunction function) {
    host.hooks().register(family, hook, priority, name, function);
  }

  private void unregister(IpFamily family) {
    for (Hook hook : new Hook[] {Hook.INPUT, Hook.OUTPUT}) {
      host.hooks().unregister(family, hook, REPLY);
      host.hooks().unregister(family, hook, REQUEST);
    }
    host.hooks().unregister(family, Hook.FORWARD, ICMP);
    host.hooks().unregister(family, Hook.FORWARD, REPLY);
  }

  private static boolean isHandled(Packet packet) {
    return packet.attachment(IpvsInfo.OF_PACKET).property();
  }

  /** ip_vs_in. */
  private Verdict request(Packet packet, HookState state) {
    boolean ours = state.hook() == Hook.OUTPUT;
    if (isHandled(packet) || (!ours && packet.linkType() != LinkType.HOST) || ipvs.leavesAll()) {
      return Verdict.ACCEPT;
    }
    if (isOfOtherProtocol(packet)) {
      if (ipvs.settings().on(IpvsSysctl.IGNORE_TUNNELED)) {
        packet.attach(IpvsInfo.OF_PACKET, IpvsInfo.HANDLED);
      }
      return Verdict.ACCEPT;
    }
    if (packet.isIcmp()) {
      return icmp.request(packet, state);
    }
    long before = ipvs.connectionsMade();
    return switch (ipvs.fromClient(packet, ours || state.in().loopback())) {
      case PASS -> Verdict.ACCEPT;
      case DROP -> refused("the packet is dropped");
      case UNREACHABLE -> {
        portUnreachable(packet, state);
        yield refused("no real server is available");
      }
      case FORWARD -> forward(packet, state, ipvs.connectionsMade() != before);
    };
  }

  private static boolean isOfOtherProtocol(Packet packet) {
    return switch (packet.protocol()) {
      case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP, IpProtocol.AH, IpProtocol.ESP -> false;
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> !IcmpErrorRelay.isError(packet);
      default -> true;
    };
  }

  private Verdict forward(Packet packet, HookState state, boolean created) {
    IpvsConnection connection = ipvs.connection();
    if (trace.isOn()) {
      trace.add(
          new IpvsEvent.Forwarded(
              created,
              packet.destination().withPort(connection.virtualPort()),
              connection.serverAddress(),
              connection.serverPort(),
              connection.method(),
              connection.stateName()));
    }
    return transmission.toServer(packet, connection, state);
  }

  private Verdict refused(String reason) {
    if (trace.isOn()) {
      trace.add(new IpvsEvent.Refused(reason));
    }
    return Verdict.DROP;
  }

  private void portUnreachable(Packet packet, HookState state) {
    host.sendIcmpError(packet, state.in(), IcmpError.portUnreachable(packet.family()), "ip_vs");
  }

  /** ip_vs_out. */
  private Verdict reply(Packet packet, HookState state) {
    if (isHandled(packet)) {
      return Verdict.ACCEPT;
    }
    if (packet.isIcmp()) {
      return icmp.reply(packet, state);
    }
    IpvsConnection connection = ipvs.fromServer(packet);
    if (!connection.exists()) {
      return ipvs.settings().on(IpvsSysctl.NAT_ICMP_SEND) && isStray(packet)
          ? strayRefused(packet, state)
          : Verdict.ACCEPT;
    }
    if (trace.isOn()) {
      trace.add(
          new IpvsEvent.Answered(
              connection.virtualAddress(), connection.virtualPort(), connection.stateName()));
    }
    transmission.fromServer(packet, connection);
    return reroute(packet, connection, state) ? Verdict.ACCEPT : Verdict.STOLEN;
  }

  /** Answers to other hosts get a new route if their source has changed, as it may choose one. */
  private boolean reroute(Packet packet, IpvsConnection connection, HookState state) {
    return connection.method() != Method.MASQUERADE
        || state.hook() == Hook.INPUT
        || !ipvs.settings().on(IpvsSysctl.SNAT_REROUTE)
        || host.reroute(packet, REPLY) == Errno.OK;
  }

  /** Whether a real server sent a packet that belongs to no connection. */
  private boolean isStray(Packet packet) {
    boolean ends =
        switch (packet.protocol()) {
          case IpProtocol.TCP -> (packet.tcpFlags() & TcpFlags.RST) != 0;
          case IpProtocol.SCTP -> SctpState.chunkType(packet, 0) == SctpState.CHUNK_ABORT;
          default -> false;
        };
    return !ends && ipvs.isRealServer(packet);
  }

  private Verdict strayRefused(Packet packet, HookState state) {
    portUnreachable(packet, state);
    return refused("a real server's packet without a connection");
  }

  /** ip_vs_forward_icmp. */
  private Verdict forwardedIcmp(Packet packet, HookState state) {
    return packet.isIcmp() && !isHandled(packet) && !ipvs.leavesAll()
        ? icmp.request(packet, state)
        : Verdict.ACCEPT;
  }
}
