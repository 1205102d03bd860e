package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The live connections: the table, what is over, and who wants to know. */
final class Entries {
  private final ConntrackTable table;
  private final ExpiryQueue queue;
  private final VirtualClock clock;
  private final List<Consumer<Connection>> onInsert = new ArrayList<>();
  private final List<Consumer<Connection>> onRemove = new ArrayList<>();
  private long nextNumber;

  Entries(ConntrackTable table, ExpiryQueue queue, VirtualClock clock) {
    this.table = table;
    this.queue = queue;
    this.clock = clock;
  }

  /** Returns the table after what is over was taken out. */
  ConntrackTable live() {
    queue.expire(clock.nowNs(), this::remove);
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
    queue.note(connection);
    onInsert.forEach(listener -> listener.accept(connection));
  }

  /** Takes a connection out; does nothing if it is not in. */
  void remove(Connection connection) {
    if (!connection.isConfirmed() || connection.hasAny(ConnectionStatus.DYING)) {
      return;
    }
    connection.set(ConnectionStatus.DYING);
    table.remove(connection);
    onRemove.forEach(listener -> listener.accept(connection));
  }
}
