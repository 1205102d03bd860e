package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The live connections: the table, what is over, and who wants to know. */
final class Entries {
  private final ConntrackTable table;
  private final TimerWheel wheel;
  private final VirtualClock clock;
  private final List<Consumer<Connection>> onInsert = new ArrayList<>();
  private final List<Consumer<Connection>> onRemove = new ArrayList<>();
  private final Consumer<Connection> over = this::remove;
  private long nextNumber;

  Entries(ConntrackTable table, VirtualClock clock) {
    this.table = table;
    this.wheel = new TimerWheel(table.store());
    this.clock = clock;
  }

  /** Returns the table after what is over was taken out. */
  ConntrackTable live() {
    wheel.expire(clock.nowNs(), over);
    return table;
  }

  void onInsert(Consumer<Connection> listener) {
    onInsert.add(listener);
  }

  void onRemove(Consumer<Connection> listener) {
    onRemove.add(listener);
  }

  /** Adds a connection whose timeout is a time already. */
  void insert(Connection connection) {
    connection.set(ConnectionStatus.CONFIRMED);
    connection.number(nextNumber++);
    table.insert(connection);
    inserted(connection);
  }

  /** Adds a connection whose original tuple another has, under its reply tuple alone. */
  void insertClashing(Connection connection) {
    connection.set(
        ConnectionStatus.CONFIRMED | ConnectionStatus.FIXED_TIMEOUT | ConnectionStatus.NAT_CLASH);
    connection.number(nextNumber++);
    table.insertReply(connection);
    inserted(connection);
  }

  private void inserted(Connection connection) {
    wheel.add(connection.slot());
    for (Consumer<Connection> listener : onInsert) {
      listener.accept(connection);
    }
  }

  /** Sets when a connection ends. */
  void endsAt(Connection connection, long timeNs) {
    long before = connection.expiresAtNs();
    connection.timeoutNs(timeNs);
    if (timeNs < before && !connection.hasAny(ConnectionStatus.DYING)) {
      wheel.changed(connection.slot());
    }
  }

  /** Takes a connection out; does nothing if it is not in. */
  void remove(Connection connection) {
    if (!connection.isConfirmed() || connection.hasAny(ConnectionStatus.DYING)) {
      return;
    }
    connection.set(ConnectionStatus.DYING);
    wheel.remove(connection.slot());
    table.remove(connection);
    for (Consumer<Connection> listener : onRemove) {
      listener.accept(connection);
    }
  }
}
