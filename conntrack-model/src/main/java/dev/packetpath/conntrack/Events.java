package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableSet;
import dev.packetpath.conntrack.TableEvent.Change;
import dev.packetpath.conntrack.TableEvent.Kind;
import dev.packetpath.core.VirtualClock;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells listeners of connections (net/netfilter/nf_conntrack_ecache.c, Linux 6.1). What a packet
 * changes is told once it has passed everything; what a packet that was dropped on its way changed,
 * with the next one that passes. Costs one test a packet while nobody listens.
 */
final class Events {
  /** What listeners know of a connection. */
  private record Known(int status, String state, int mark, long labelsHigh, long labelsLow) {
    static final Known NOTHING = new Known(0, "", 0, 0, 0);

    static Known of(Connection connection) {
      return new Known(
          connection.status(),
          connection.stateName(),
          connection.mark(),
          connection.labelsHigh(),
          connection.labelsLow());
    }

    Known withoutState() {
      return new Known(status, "", mark, labelsHigh, labelsLow);
    }

    /** Returns what is new in a later state. */
    ImmutableSet<Change> changesTo(Known later) {
      ImmutableSet.Builder<Change> changes = ImmutableSet.builder();
      int gained = later.status & ~status;
      if ((gained & ConnectionStatus.SEEN_REPLY) != 0) {
        changes.add(Change.REPLY);
      }
      if ((gained & ConnectionStatus.ASSURED) != 0) {
        changes.add(Change.ASSURED);
      }
      if (!state.equals(later.state)) {
        changes.add(Change.PROTOCOL);
      }
      if (mark != later.mark) {
        changes.add(Change.MARK);
      }
      if (labelsHigh != later.labelsHigh || labelsLow != later.labelsLow) {
        changes.add(Change.LABEL);
      }
      return changes.build();
    }
  }

  private final VirtualClock clock;
  private final List<Consumer<TableEvent>> listeners = new ArrayList<>();
  private final IdentityHashMap<Connection, Known> known = new IdentityHashMap<>();
  private boolean on;

  Events(VirtualClock clock) {
    this.clock = clock;
  }

  void listen(Consumer<TableEvent> listener) {
    listeners.add(listener);
    on = true;
  }

  boolean isOn() {
    return on;
  }

  /** A packet of a connection comes, and may change it. */
  void packetComes(Connection connection) {
    if (isOn() && connection.isConfirmed()) {
      known.putIfAbsent(connection, Known.of(connection));
    }
  }

  /** The protocol's state of a connection was set anew, even if to what it was. */
  void stateSet(Connection connection) {
    known.computeIfPresent(connection, (same, before) -> before.withoutState());
  }

  /** A packet of a connection that was in the table before has passed. */
  void packetPassed(Connection connection) {
    if (!isOn() || connection.hasAny(ConnectionStatus.DYING)) {
      return;
    }
    Known now = Known.of(connection);
    Known before = known.remove(connection);
    ImmutableSet<Change> changes = before == null ? ImmutableSet.of() : before.changesTo(now);
    if (!changes.isEmpty()) {
      tell(Kind.UPDATE, changes, connection);
    }
  }

  /** A connection is in the table now. */
  void inserted(Connection connection) {
    if (isOn()) {
      tell(Kind.NEW, Known.NOTHING.changesTo(Known.of(connection)), connection);
    }
  }

  /** A connection left the table. */
  void removed(Connection connection) {
    known.remove(connection);
    tell(Kind.DESTROY, ImmutableSet.of(), connection);
  }

  private void tell(Kind kind, ImmutableSet<Change> changes, Connection connection) {
    TableEvent event = new TableEvent(kind, changes, ConntrackEntry.of(connection, clock.nowNs()));
    listeners.forEach(listener -> listener.accept(event));
  }
}
