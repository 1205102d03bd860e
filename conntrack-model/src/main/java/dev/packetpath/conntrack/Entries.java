package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The live connections: the table, what is over, and who wants to know. What nobody wants to know
 * of ends without a look at its {@link Connection}, which lies apart from its row.
 */
final class Entries {
  /** Who is told of the end of connections with any of some status bits. */
  private record EndListener(int bits, Consumer<Connection> listener) {}

  private final ConntrackTable table;
  private final EntryStore store;
  private final TimerWheel wheel;
  private final VirtualClock clock;
  private final List<Consumer<Connection>> onInsert = new ArrayList<>();
  private final List<EndListener> onRemove = new ArrayList<>();
  private final IntConsumer over = this::remove;
  private int nextNumber;

  Entries(ConntrackTable table, VirtualClock clock) {
    this.table = table;
    this.store = table.store();
    this.wheel = new TimerWheel(store);
    this.clock = clock;
  }

  /** Returns the table after what is over was taken out. */
  ConntrackTable live() {
    long nowNs = clock.nowNs();
    if (wheel.mayExpire(nowNs)) {
      wheel.expire(nowNs, over);
    }
    return table;
  }

  /** Orders connections by their insertion. */
  Comparator<Connection> byInsertion() {
    return byInsertion(nextNumber);
  }

  /**
   * Orders connections by their insertion, of which each was within the last 2^32 before a number.
   */
  static Comparator<Connection> byInsertion(int next) {
    return (a, b) -> Integer.compareUnsigned(a.number() - next, b.number() - next);
  }

  /** Returns a new connection, see {@link EntryStore#begin}. */
  Connection begin(TupleKey original, int kind, long hash) {
    return store.begin(original, kind, hash);
  }

  void onInsert(Consumer<Connection> listener) {
    onInsert.add(listener);
  }

  /** Tells a listener of each connection that leaves the table. */
  void onRemove(Consumer<Connection> listener) {
    onRemove(ConnectionStatus.CONFIRMED, listener);
  }

  /** Tells a listener of each connection that leaves the table with any of these status bits. */
  void onRemove(int bits, Consumer<Connection> listener) {
    onRemove.add(new EndListener(bits, listener));
  }

  /** Adds a connection whose timeout is a time already. */
  void insert(Connection connection) {
    insert(connection, 0);
  }

  /** Sets status bits of a connection and adds it; its timeout is a time already. */
  void insert(Connection connection, int bits) {
    connection.set(ConnectionStatus.CONFIRMED | bits);
    inserted(connection, table.insert(connection));
  }

  /** Adds a connection whose original tuple another has, under its reply tuple alone. */
  void insertClashing(Connection connection) {
    connection.set(
        ConnectionStatus.CONFIRMED | ConnectionStatus.FIXED_TIMEOUT | ConnectionStatus.NAT_CLASH);
    inserted(connection, table.insertReply(connection));
  }

  private void inserted(Connection connection, int slot) {
    int[] row = connection.row();
    int base = connection.base();
    row[base + EntryRow.NUMBER] = nextNumber++;
    row[base + EntryRow.PATHS] = 0;
    wheel.add(slot, row, base);
    for (int i = 0; i < onInsert.size(); i++) {
      onInsert.get(i).accept(connection);
    }
  }

  /** Sets when a connection ends. */
  void endsAt(Connection connection, long timeNs) {
    if (connection.hasAny(ConnectionStatus.DYING)) {
      connection.timeoutNs(timeNs);
    } else {
      endsAt(connection.slot(), connection.row(), connection.base(), timeNs);
    }
  }

  /** Sets when a connection in the table ends, by its row. */
  void endsAt(int slot, int[] row, int base, long timeNs) {
    long before = EntryRow.getLong(row, base + EntryRow.TIMEOUT);
    EntryRow.putLong(row, base + EntryRow.TIMEOUT, timeNs);
    if (timeNs < before) {
      wheel.changed(slot);
    }
  }

  /** Takes a connection out; does nothing if it is not in. */
  void remove(Connection connection) {
    if (connection.isConfirmed()) {
      remove(connection.slot());
    }
  }

  private void remove(int slot) {
    int status = store.get(slot, EntryRow.STATUS);
    if ((status & ConnectionStatus.DYING) != 0) {
      return;
    }
    store.set(slot, EntryRow.STATUS, status | ConnectionStatus.DYING);
    wheel.remove(slot);
    table.remove(slot);
    for (EndListener who : onRemove) {
      if ((status & who.bits) != 0) {
        who.listener.accept(store.connection(slot));
      }
    }
  }
}
