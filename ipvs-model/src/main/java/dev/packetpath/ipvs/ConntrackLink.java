package dev.packetpath.ipvs;

import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.Direction;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.conntrack.Tuple;
import dev.packetpath.conntrack.Zone;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import java.util.Optional;

/**
 * What ip_vs does to the entries of connection tracking: none are left, or with the setting
 * net.ipv4.vs.conntrack they expect the real server's answers (net/netfilter/ipvs/ip_vs_nfct.c,
 * Linux 6.1).
 */
final class ConntrackLink {
  private final Optional<Conntrack> conntrack;

  ConntrackLink(Optional<Conntrack> conntrack) {
    this.conntrack = conntrack;
  }

  /** Takes a packet's entry from it, or lets the entry expect answers of the real server. */
  void towardsServer(Packet packet, IpvsConnection connection) {
    if (!connection.usesConntrack()) {
      untrack(packet);
    } else if (isAlterable(packet, connection)) {
      Connection entry = PacketConnection.connectionOf(packet);
      IpAddress server = connection.serverAddress();
      Tuple reply = entry.reply();
      alter(
          entry,
          reply
              .withSource(server.high(), server.low())
              .withPorts(connection.serverPort(), reply.destinationPort()));
    }
  }

  /** The same for a packet that goes on with the virtual address as its source. */
  void towardsClient(Packet packet, IpvsConnection connection) {
    if (!connection.usesConntrack()) {
      untrack(packet);
    } else if (isAlterable(packet, connection)) {
      Connection entry = PacketConnection.connectionOf(packet);
      Tuple reply = entry.reply();
      alter(
          entry,
          reply
              .withDestination(connection.virtualHigh(), connection.virtualLow())
              .withPorts(reply.sourcePort(), connection.virtualPort()));
    }
  }

  /** Takes a packet's entry from it unless the connection uses entries. */
  void withoutTranslation(Packet packet, IpvsConnection connection) {
    if (!connection.usesConntrack()) {
      untrack(packet);
    }
  }

  /** Confirms a packet's entry and takes it off the packet, which is wrapped into another. */
  Verdict beforeWrapping(Packet packet, IpvsConnection connection) {
    Verdict verdict = Verdict.ACCEPT;
    if (connection.usesConntrack() && conntrack.isPresent()) {
      verdict = conntrack.get().confirm(packet);
    }
    PacketConnection.clear(packet);
    return verdict;
  }

  /** A packet without an entry stays as it is: an invalid one is tracked anew on its next way. */
  private static void untrack(Packet packet) {
    if (PacketConnection.connectionOf(packet).exists()) {
      PacketConnection.set(packet, Connection.NONE, ConnectionState.UNTRACKED);
    }
  }

  private static boolean isAlterable(Packet packet, IpvsConnection connection) {
    Connection entry = PacketConnection.connectionOf(packet);
    return entry.exists()
        && !entry.isConfirmed()
        && connection.method() == Method.MASQUERADE
        && !connection.isOnePacket()
        && PacketConnection.stateOf(packet).direction() == Direction.ORIGINAL;
  }

  private void alter(Connection entry, Tuple reply) {
    conntrack.ifPresent(table -> table.alterReply(entry, reply));
  }

  /** Removes the entry of a connection that has ended. */
  void ended(IpvsConnection connection) {
    if (conntrack.isEmpty()
        || !connection.usesConntrack()
        || connection.isOnePacket()
        || connection.isTemplate()) {
      return;
    }
    Tuple original =
        Tuple.of(
            connection.protocol(),
            connection.clientAddress(),
            connection.clientPort(),
            connection.virtualAddress(),
            connection.virtualPort());
    Connection entry = conntrack.get().find(original, Zone.DEFAULT);
    if (entry.exists()) {
      conntrack.get().remove(entry);
    }
  }
}
