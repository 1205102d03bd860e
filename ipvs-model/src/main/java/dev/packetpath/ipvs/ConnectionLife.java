package dev.packetpath.ipvs;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.packet.IpvsInfo.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How connections begin, are kept and end (net/netfilter/ipvs/ip_vs_conn.c, Linux 6.1, with the
 * counters of the kernel's flavour).
 */
final class ConnectionLife {
  private static final long FIRST_TIMEOUT_NS = 3 * VirtualClock.NS_PER_SECOND;
  private static final long CONTROLLING_TIMEOUT_NS = 60 * VirtualClock.NS_PER_SECOND;

  private final SettingsHolder settings;
  private final VirtualClock clock;
  private final Work work;
  private final ConnectionTable table;
  private final ConnectionTimers timers;
  private Consumer<IpvsConnection> onEnd = connection -> {};
  private long flushAtNs = Long.MAX_VALUE;
  private long made;

  ConnectionLife(SettingsHolder settings, VirtualClock clock, Work work) {
    this.settings = settings;
    this.clock = clock;
    this.work = work;
    this.table = new ConnectionTable(settings.get().tableBits(), work);
    this.timers = new ConnectionTimers(new TimerWheel(settings.get().ticksPerSecond()));
  }

  /** Has the connections of removed servers deleted with the kernel's next tick. */
  void flushSoon() {
    flushAtNs = Math.min(flushAtNs, clock.nowNs() + timers.wheel().tickNs());
  }

  /** Returns when the connections of removed servers are to be deleted. */
  long flushAtNs() {
    return flushAtNs;
  }

  /** Returns the number of connections and templates made so far. */
  long made() {
    return made;
  }

  ConnectionTable table() {
    return table;
  }

  ConnectionTimers timers() {
    return timers;
  }

  void onEnd(Consumer<IpvsConnection> listener) {
    onEnd = listener;
  }

  /** Returns a new connection to a server, in the table unless it is for one packet. */
  IpvsConnection create(IpvsConnectionBuilder fields, RealServer server, Method method) {
    IpvsConnection connection = fields.number(made++).build(server, method);
    work.add(IpvsOperations.CONNECTION_CREATE);
    if (server.exists()) {
      server.hold();
      if (connection.isTemplate()) {
        server.countTemplate(1);
      } else {
        server.countConnection(false, 1);
        settings.get().flavour().bound(server);
      }
    }
    connection.timeoutNs = FIRST_TIMEOUT_NS;
    connection.usesConntrack(settings.on(IpvsSysctl.CONNTRACK));
    if (!connection.isOnePacket()) {
      table.insert(connection);
    }
    return connection;
  }

  /** Ends the work on a connection with its timer started anew. */
  void put(IpvsConnection connection) {
    if (connection.isOnePacket()) {
      end(connection);
    } else {
      timers.restart(connection, clock.nowNs());
    }
  }

  /** Does what a connection's timer does when it fires. */
  void expire(IpvsConnection connection, long nowNs) {
    if (connection.controlled() > 0) {
      connection.timeoutNs = CONTROLLING_TIMEOUT_NS;
      timers.restart(connection, nowNs);
    } else {
      table.remove(connection);
      end(connection);
    }
  }

  private void end(IpvsConnection connection) {
    connection.releaseControl();
    onEnd.accept(connection);
    RealServer server = connection.server();
    if (server.exists()) {
      if (connection.isTemplate()) {
        server.countTemplate(-1);
      } else {
        server.countConnection(connection.isActive(), -1);
        settings.get().flavour().unbound(server);
      }
      server.release();
    }
  }

  /** Removes a connection before its time, and its template if that is for no other use. */
  void delete(IpvsConnection connection) {
    IpvsConnection control = connection.control();
    expire(connection, clock.nowNs());
    if (control.exists() && control.controlled() == 0 && !control.isAssured()) {
      expire(control, clock.nowNs());
    }
  }

  /** Makes a template of no use: it stays until its time is over, under ports that none has. */
  void invalidate(IpvsConnection template) {
    if (template.virtualPort() != IpvsConnection.INVALID_PORT) {
      table.remove(template);
      template.invalidateTemplate();
      table.insert(template);
    }
  }

  /** Removes the connections of removed servers, and the templates that are left without any. */
  void flush() {
    flushAtNs = Long.MAX_VALUE;
    List<IpvsConnection> doomed = new ArrayList<>();
    table.forEach(
        connection -> {
          RealServer server = connection.server();
          if (server.exists() && !server.isAvailable()) {
            doomed.add(connection);
          }
        });
    for (IpvsConnection connection : doomed) {
      if (!connection.isLive() || connection.controlled() > 0) {
        continue;
      }
      IpvsConnection control = connection.control();
      expire(connection, clock.nowNs());
      if (control.isLive() && control.controlled() == 0) {
        expire(control, clock.nowNs());
      }
    }
  }
}
