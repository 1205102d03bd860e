package dev.packetpath.ipvs;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.function.Predicate;

/**
 * Gives packets without a connection to a real server (conn_schedule of the protocols, and
 * ip_vs_schedule, ip_vs_sched_persist and ip_vs_leave of net/netfilter/ipvs/ip_vs_core.c, Linux
 * 6.1).
 */
final class NewConnections {
  static final int FTP_PORT = 21;
  private static final int FTP_DATA_PORT = 20;

  private final SettingsHolder settings;
  private final ServiceTable services;
  private final ConnectionLife life;
  private final Defense defense;
  private final Work work;
  private Predicate<IpAddress> unicast = address -> false;
  private IpvsConnection made = IpvsConnection.NONE;

  NewConnections(
      SettingsHolder settings,
      ServiceTable services,
      ConnectionLife life,
      Defense defense,
      Work work) {
    this.settings = settings;
    this.services = services;
    this.life = life;
    this.defense = defense;
    this.work = work;
  }

  /** Sets which IPv4 addresses are those of single other hosts. */
  void unicast(Predicate<IpAddress> condition) {
    unicast = condition;
  }

  /** Returns the connection made for the packet that was last forwarded. */
  IpvsConnection made() {
    return made;
  }

  /** Makes a connection for a packet if a service wants it and a server may have it. */
  Disposition schedule(Packet packet, boolean fromThisHost) {
    if (packet.isLaterFragment()) {
      return Disposition.PASS;
    }
    if (packet.transportTruncated()) {
      return Disposition.DROP;
    }
    return mayBegin(packet) ? schedule(packet, packet, fromThisHost) : Disposition.PASS;
  }

  /**
   * Makes a connection for an ICMP error about an answer of a service, with any flags.
   *
   * @param answer what the error quotes
   * @param mark the mark of the error
   */
  Disposition scheduleQuoted(Packet answer, int mark, boolean fromThisHost) {
    if (answer.transportTruncated()) {
      return Disposition.DROP;
    }
    Packet request =
        answer
            .copy()
            .addresses(answer.destination(), answer.source())
            .ports(answer.destinationPort(), answer.sourcePort())
            .mark(mark);
    // Schedulers by destination take that of the answer, which is the client.
    return schedule(request, request.copy().destination(answer.destination()), fromThisHost);
  }

  /** Gives a packet to a server that is scheduled as if for another packet. */
  private Disposition schedule(Packet packet, Packet scheduled, boolean fromThisHost) {
    VirtualService service = services.find(packet);
    if (!service.exists()) {
      return Disposition.PASS;
    }
    if (defense.dropsNewConnection()) {
      return Disposition.DROP;
    }
    boolean answersClient =
        packet.sourcePort() == FTP_DATA_PORT
            || (fromThisHost && life.table().incomingInverse(packet).exists());
    if (answersClient) {
      return Disposition.PASS;
    }
    if (service.spec().persistence().isPresent()) {
      return schedulePersistent(service, service.spec().persistence().get(), packet, scheduled);
    }
    if (!service.isMarked() && packet.destinationPort() != service.port()) {
      return leave(service, packet);
    }
    RealServer server = choose(service, scheduled);
    if (!server.exists()) {
      return leave(service, packet);
    }
    int port = server.port() != 0 ? server.port() : packet.destinationPort();
    made = life.create(connection(packet, service, server, port), server, server.method());
    countConnection(service, server);
    return Disposition.FORWARD;
  }

  private boolean mayBegin(Packet packet) {
    return switch (packet.protocol()) {
      case IpProtocol.TCP ->
          (packet.tcpFlags() & TcpFlags.RST) == 0
              && (settings.on(IpvsSysctl.SLOPPY_TCP) || (packet.tcpFlags() & TcpFlags.SYN) != 0);
      case IpProtocol.SCTP -> {
        int chunk = SctpState.chunkType(packet, 0);
        yield chunk != SctpState.CHUNK_ABORT
            && (settings.on(IpvsSysctl.SLOPPY_SCTP) || chunk == SctpState.CHUNK_INIT);
      }
      default -> true;
    };
  }

  private RealServer choose(VirtualService service, Packet packet) {
    work.add(IpvsOperations.SCHEDULE);
    return service.scheduler().schedule(packet);
  }

  private static IpvsConnectionBuilder connection(
      Packet packet, VirtualService service, RealServer server, int port) {
    return clientSide(packet)
        .server(server.address(), port)
        .onePacket(service.spec().onePacket() && packet.protocol() == IpProtocol.UDP);
  }

  private static IpvsConnectionBuilder clientSide(Packet packet) {
    return new IpvsConnectionBuilder(packet.family(), packet.protocol())
        .client(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort())
        .virtual(packet.destinationHigh(), packet.destinationLow(), packet.destinationPort());
  }

  private static void countConnection(VirtualService service, RealServer server) {
    service.traffic().connection();
    server.traffic().connection();
  }

  private Disposition schedulePersistent(
      VirtualService service, Persistence persistence, Packet packet, Packet scheduled) {
    boolean servicePort = packet.destinationPort() == service.port();
    IpvsConnectionBuilder key = templateKey(service, persistence, packet, servicePort);
    IpvsConnection template = life.table().template(key.build(RealServer.NONE, Method.MASQUERADE));
    if (!template.exists() || !isValid(template)) {
      RealServer server = choose(service, scheduled);
      if (!server.exists()) {
        return leave(service, packet);
      }
      boolean keepsPort = servicePort && service.port() != FTP_PORT;
      key.server(server.address(), keepsPort ? server.port() : 0);
      template = life.create(key, server, server.method());
      template.timeoutNs = persistence.timeoutSeconds() * VirtualClock.NS_PER_SECOND;
    }
    RealServer server = template.server();
    boolean toServerPort = servicePort && server.port() != 0;
    int port = toServerPort ? server.port() : packet.destinationPort();
    made = life.create(connection(packet, service, server, port), server, server.method());
    made.controlledBy(template);
    life.put(template);
    countConnection(service, server);
    return Disposition.FORWARD;
  }

  /** FTP and services of all ports remember a client for all ports, others for theirs. */
  private static IpvsConnectionBuilder templateKey(
      VirtualService service, Persistence persistence, Packet packet, boolean servicePort) {
    IpFamily family = packet.family();
    long high = packet.sourceHigh() & IpPrefix.maskHigh(family, persistence.prefixLength());
    long low = packet.sourceLow() & IpPrefix.maskLow(family, persistence.prefixLength());
    boolean byMark = !servicePort && service.key() instanceof ServiceKey.Marked;
    IpvsConnectionBuilder key =
        new IpvsConnectionBuilder(family, byMark ? 0 : packet.protocol())
            .client(high, low, 0)
            .template();
    if (byMark) {
      int mark = ((ServiceKey.Marked) service.key()).mark();
      return key.virtual(0, Integer.toUnsignedLong(mark), 0);
    }
    boolean withPort = servicePort && service.port() != FTP_PORT;
    return key.virtual(
        packet.destinationHigh(), packet.destinationLow(), withPort ? packet.destinationPort() : 0);
  }

  /** Returns whether a template leads to a server; if not, it is made invalid. */
  private boolean isValid(IpvsConnection template) {
    RealServer server = template.server();
    boolean quiescent = server.weight() == 0 && settings.on(IpvsSysctl.EXPIRE_QUIESCENT_TEMPLATE);
    if (server.isAvailable() && !quiescent) {
      return true;
    }
    life.invalidate(template);
    return false;
  }

  /** Of IPv6 each address of a unicast range counts, even one of this host. */
  private boolean isUnicast(IpAddress address) {
    return address.family() == IpFamily.IPV6
        ? !address.isMulticast() && !address.isAny()
        : unicast.test(address);
  }

  /** What becomes of a packet for which there is no server. */
  private Disposition leave(VirtualService service, Packet packet) {
    if (settings.on(IpvsSysctl.CACHE_BYPASS)
        && service.isMarked()
        && isUnicast(packet.destination())) {
      boolean onePacket = service.spec().onePacket() && packet.protocol() == IpProtocol.UDP;
      made =
          life.create(
              clientSide(packet).server(IpAddress.any(packet.family()), 0).onePacket(onePacket),
              RealServer.NONE,
              Method.BYPASS);
      return Disposition.FORWARD;
    }
    boolean ftpData = service.port() == FTP_PORT && packet.destinationPort() != FTP_PORT;
    return ftpData ? Disposition.PASS : Disposition.UNREACHABLE;
  }
}
