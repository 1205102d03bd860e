package dev.packetpath.ipvs;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/** Runs the state machine of a connection's protocol, and sets its timeout. */
final class ProtocolStates {
  private final SettingsHolder settings;
  private final Defense defense;
  private final Work work;

  ProtocolStates(SettingsHolder settings, Defense defense, Work work) {
    this.settings = settings;
    this.defense = defense;
    this.work = work;
  }

  /** Takes a packet of a connection into account. */
  void update(IpvsConnection connection, Packet packet, boolean fromClient) {
    work.add(IpvsOperations.STATE_UPDATE);
    switch (connection.protocol()) {
      case IpProtocol.TCP -> updateTcp(connection, packet, way(connection, fromClient));
      case IpProtocol.SCTP -> updateSctp(connection, packet, way(connection, fromClient));
      default -> {
        connection.timeoutNs = seconds(settings.get().udpSeconds());
        if (!fromClient) {
          connection.assureTemplate();
        }
      }
    }
  }

  private static Way way(IpvsConnection connection, boolean fromClient) {
    if (!fromClient) {
      connection.sawOutput();
      return Way.OUTPUT;
    }
    return connection.hasNoOutput() ? Way.INPUT_ONLY : Way.INPUT;
  }

  private void updateTcp(IpvsConnection connection, Packet packet, Way way) {
    TcpState old = TcpState.of(connection.state());
    TcpState next = old.next(way, defense.isTcpSecure(), packet.tcpFlags());
    if (next != old) {
      connection.active(next.isActive());
      if (next == TcpState.ESTABLISHED) {
        connection.assureTemplate();
      }
      connection.state(next.ordinal());
    }
    connection.timeoutNs =
        seconds(
            switch (next) {
              case ESTABLISHED -> settings.get().establishedSeconds();
              case FIN_WAIT -> settings.get().finWaitSeconds();
              default -> next.defaultSeconds();
            });
  }

  private static void updateSctp(IpvsConnection connection, Packet packet, Way way) {
    if (SctpState.chunkType(packet, 0) < 0) {
      return;
    }
    SctpState old = SctpState.of(connection.state());
    SctpState next = old.next(way, packet);
    if (next != old) {
      connection.active(next == SctpState.ESTABLISHED);
      if (next == SctpState.ESTABLISHED) {
        connection.assureTemplate();
      }
      connection.state(next.ordinal());
    }
    connection.timeoutNs = seconds(next.seconds());
  }

  private static long seconds(int seconds) {
    return seconds * VirtualClock.NS_PER_SECOND;
  }
}
