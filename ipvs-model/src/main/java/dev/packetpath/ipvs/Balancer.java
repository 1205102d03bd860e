package dev.packetpath.ipvs;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.function.Predicate;

/**
 * What becomes of packets: of those to services (ip_vs_in) and of those from real servers
 * (ip_vs_out of net/netfilter/ipvs/ip_vs_core.c, Linux 6.1).
 */
final class Balancer {
  private final SettingsHolder settings;
  private final ConnectionLife life;
  private final Housekeeping housekeeping;
  private final ProtocolStates states;
  private final ConnectionReuse reuse;
  private final NewConnections newConnections;
  private final Traffic total = new Traffic();
  private IpvsConnection current = IpvsConnection.NONE;

  Balancer(
      SettingsHolder settings,
      ConnectionLife life,
      Housekeeping housekeeping,
      ProtocolStates states,
      ConnectionReuse reuse,
      NewConnections newConnections) {
    this.settings = settings;
    this.life = life;
    this.housekeeping = housekeeping;
    this.states = states;
    this.reuse = reuse;
    this.newConnections = newConnections;
  }

  /** Returns the packets and bytes of all services. */
  Traffic total() {
    return total;
  }

  /** Returns the connection of the packet that was last forwarded. */
  IpvsConnection connection() {
    return current;
  }

  /** Sets which IPv4 addresses are those of single other hosts; none are at first. */
  void unicast(Predicate<IpAddress> condition) {
    newConnections.unicast(condition);
  }

  /** Returns the connection of a client's packet. */
  IpvsConnection lookUp(Packet packet) {
    return isBalanced(packet) ? existing(packet) : IpvsConnection.NONE;
  }

  /** Returns the connection to whose client a packet was sent, in the name of its service. */
  IpvsConnection answeredBy(Packet packet) {
    return isBalanced(packet) ? life.table().incomingInverse(packet) : IpvsConnection.NONE;
  }

  /** Returns the connection to whose real server a packet was sent. */
  IpvsConnection sentTo(Packet packet) {
    return isBalanced(packet) ? life.table().outgoingInverse(packet) : IpvsConnection.NONE;
  }

  /** Finds the connection of a packet towards a service, or makes one. */
  Disposition fromClient(Packet packet, boolean fromThisHost) {
    if (!isBalanced(packet) || leavesAll()) {
      return Disposition.PASS;
    }
    housekeeping.advance();
    IpvsConnection connection = existing(packet);
    if (connection.exists()) {
      switch (reuse.fate(connection, packet)) {
        case CONTINUES -> {}
        case DROPS_PACKET -> {
          return Disposition.DROP;
        }
        case MAKES_WAY -> connection = IpvsConnection.NONE;
      }
    }
    if (!connection.exists()) {
      Disposition disposition = newConnections.schedule(packet, fromThisHost);
      if (disposition != Disposition.FORWARD) {
        return disposition;
      }
      connection = newConnections.made();
    }
    current = connection;
    countIn(connection, packet);
    states.update(connection, packet, true);
    connection.countIn();
    life.put(connection);
    return Disposition.FORWARD;
  }

  /**
   * Finds the connection of an ICMP error about an answer to a client, or makes one if the settings
   * say so. Does not count the error.
   */
  Disposition aboutAnswer(Packet error, boolean fromThisHost) {
    Packet answer = error.inner();
    if (!isBalanced(answer)) {
      return Disposition.PASS;
    }
    housekeeping.advance();
    IpvsConnection connection = answeredBy(answer);
    if (!connection.exists()) {
      if (!settings.on(IpvsSysctl.SCHEDULE_ICMP)) {
        return Disposition.PASS;
      }
      Disposition disposition = newConnections.scheduleQuoted(answer, error.mark(), fromThisHost);
      if (disposition != Disposition.FORWARD) {
        return disposition;
      }
      connection = newConnections.made();
      life.put(connection);
    }
    current = connection;
    return Disposition.FORWARD;
  }

  /** Returns whether no packet to a service, and no error about an answer, is looked at. */
  boolean leavesAll() {
    return settings.on(IpvsSysctl.BACKUP_ONLY) && settings.get().isBackup();
  }

  private static boolean isBalanced(Packet packet) {
    return switch (packet.protocol()) {
      case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP -> true;
      default -> false;
    };
  }

  private IpvsConnection existing(Packet packet) {
    return packet.isLaterFragment() || packet.transportTruncated()
        ? IpvsConnection.NONE
        : life.table().incoming(packet);
  }

  /** Counts a packet towards the real server of a connection. */
  void countIn(IpvsConnection connection, Packet packet) {
    RealServer server = connection.server();
    if (server.exists() && server.isAvailable()) {
      int bytes = packet.length();
      server.traffic().in(bytes);
      server.serviceTraffic().in(bytes);
      total.in(bytes);
    }
  }

  /** Finds the connection of a packet from a real server, and counts it there. */
  IpvsConnection fromServer(Packet packet) {
    if (!isBalanced(packet) || packet.isLaterFragment() || packet.transportTruncated()) {
      return IpvsConnection.NONE;
    }
    housekeeping.advance();
    IpvsConnection connection = life.table().outgoing(packet);
    if (connection.exists()) {
      countOut(connection, packet.length());
      states.update(connection, packet, false);
      life.put(connection);
    }
    return connection;
  }

  /** Counts a packet towards the client of a connection. */
  void countOut(IpvsConnection connection, int bytes) {
    RealServer server = connection.server();
    if (server.exists() && server.isAvailable()) {
      server.traffic().out(bytes);
      server.serviceTraffic().out(bytes);
      total.out(bytes);
    }
  }
}
