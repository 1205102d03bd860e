package dev.packetpath.ipvs;

import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;

/**
 * Whether a client's packet goes on in the connection that was found for it: not if it begins a new
 * one over the old one's ports, nor if the real server is gone (ip_vs_in, is_new_conn and
 * is_new_conn_expected of net/netfilter/ipvs/ip_vs_core.c, Linux 6.1).
 */
final class ConnectionReuse {
  private static final int REUSE_HALF_CLOSED = 2;

  /** What becomes of a connection and the packet that met it. */
  enum Fate {
    /** The packet is the connection's. */
    CONTINUES,
    /** The packet makes a connection of its own. */
    MAKES_WAY,
    /** The packet is dropped; its repetition may fare otherwise. */
    DROPS_PACKET
  }

  private final SettingsHolder settings;
  private final ConnectionLife life;
  private final VirtualClock clock;

  ConnectionReuse(SettingsHolder settings, ConnectionLife life, VirtualClock clock) {
    this.settings = settings;
    this.life = life;
    this.clock = clock;
  }

  /** Decides, and ends the connection if it does not continue. */
  Fate fate(IpvsConnection connection, Packet packet) {
    boolean tracked =
        settings.get().reuseRule().isOld(PacketConnection.connectionOf(packet), connection);
    if (isReplaced(connection, packet)) {
      return end(connection, tracked);
    }
    RealServer server = connection.server();
    if (!server.exists() || server.isAvailable()) {
      return Fate.CONTINUES;
    }
    if (!settings.on(IpvsSysctl.EXPIRE_NODEST_CONN)) {
      return Fate.DROPS_PACKET;
    }
    return end(connection, tracked);
  }

  /**
   * Whether the first packet of a new connection takes the place of an old one. Connections that
   * control others are spared by the kernel, but those are of FTP, whose helper is not modelled.
   */
  private boolean isReplaced(IpvsConnection connection, Packet packet) {
    if (!beginsConnection(packet)) {
      return false;
    }
    RealServer server = connection.server();
    if (settings.on(IpvsSysctl.EXPIRE_NODEST_CONN) && server.exists() && server.weight() == 0) {
      return true;
    }
    int mode = settings.get().get(IpvsSysctl.CONN_REUSE_MODE);
    return mode != 0 && isOver(connection, mode);
  }

  private static boolean beginsConnection(Packet packet) {
    return switch (packet.protocol()) {
      case IpProtocol.TCP -> (packet.tcpFlags() & TcpFlags.SYN) != 0;
      case IpProtocol.SCTP -> SctpState.chunkType(packet, 0) == SctpState.CHUNK_INIT;
      default -> false;
    };
  }

  private static boolean isOver(IpvsConnection connection, int mode) {
    if (connection.control().exists()) {
      return false;
    }
    return switch (connection.protocol()) {
      case IpProtocol.TCP ->
          switch (TcpState.of(connection.state())) {
            case TIME_WAIT, CLOSE -> true;
            case FIN_WAIT -> (mode & REUSE_HALF_CLOSED) != 0 && connection.hasNoOutput();
            default -> false;
          };
      case IpProtocol.SCTP -> SctpState.of(connection.state()) == SctpState.CLOSED;
      default -> false;
    };
  }

  private Fate end(IpvsConnection connection, boolean tracked) {
    if (!tracked && settings.get().reuseRule().leavesEntry()) {
      connection.usesConntrack(false);
    }
    life.timers().endNow(connection, clock.nowNs());
    return tracked ? Fate.DROPS_PACKET : Fate.MAKES_WAY;
  }
}
