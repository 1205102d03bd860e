package dev.packetpath.iptables.match;

import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConnectionStatus;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.Direction;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.conntrack.Tuple;
import dev.packetpath.conntrack.Zone;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.Jiffies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The connections that one {@code -m connlimit} rule has seen, by address.
 *
 * <p>A connection is forgotten when it is no longer in the table, or over (TIME_WAIT, CLOSE), but
 * only when the rule looks: with a packet of the same address whose connection is not yet assured,
 * and with a new connection at most once in a tick of the clock, unless some were forgotten since.
 *
 * <p>Source: net/netfilter/nf_conncount.c, Linux 6.1.192, on one processor. Lists of other
 * addresses are not cleaned here, which no count shows.
 */
final class ConnectionCount {
  /** The kernel stops looking after so many that are over. */
  private static final int MOST_COLLECTED = 64;

  private final Conntrack conntrack;
  private final Map<Key, Seen> byKey = new HashMap<>();

  ConnectionCount(Conntrack conntrack) {
    this.conntrack = conntrack;
  }

  /**
   * The address and zone that count together.
   *
   * @param high the upper 64 bits of the masked address
   * @param low the lower 64 bits of the masked address
   * @param zone the number of the connection's zone
   */
  private record Key(long high, long low, int zone) {}

  /**
   * A connection as it was when it was seen.
   *
   * @param tuple of its original direction, or of the packet where no connection was known
   * @param zone its zone
   */
  private record Entry(Tuple tuple, Zone zone) {}

  /** The connections of one key. */
  private static final class Seen {
    final List<Entry> entries = new ArrayList<>();
    long checkedAt;
    int sizeWhenChecked;

    void checked(long now) {
      checkedAt = now;
      sizeWhenChecked = entries.size();
    }

    /** Unsigned, as the kernel reckons: what has shrunk has grown by more than any number. */
    boolean hasGrownByLessThan(int entriesMore) {
      return Integer.compareUnsigned(entries.size() - sizeWhenChecked, entriesMore) < 0;
    }
  }

  /** Notes the packet's connection and returns how many there are, 0 if it cannot be counted. */
  int count(Packet packet, long high, long low) {
    Connection connection = PacketConnection.connectionOf(packet);
    Zone zone = connection.exists() ? connection.zoneOfDirections() : zoneOfTemplate(packet);
    Tuple tuple = connection.exists() ? connection.original() : Tuple.of(packet);
    if (tuple.equals(Tuple.NONE)) {
      return 0;
    }
    if (!connection.exists()) {
      connection = conntrack.find(tuple, zone);
    }
    long now = Jiffies.now(conntrack.host().clock());
    Key key = new Key(high, low, zone.id());
    Seen seen = byKey.get(key);
    if (seen == null) {
      seen = new Seen();
      seen.checkedAt = now;
      seen.entries.add(new Entry(tuple, zone));
      byKey.put(key, seen);
      return 1;
    }
    note(seen, new Entry(tuple, zone), connection, now);
    return seen.entries.size();
  }

  private static Zone zoneOfTemplate(Packet packet) {
    return PacketConnection.templateOf(packet).zone();
  }

  private void note(Seen seen, Entry entry, Connection connection, long now) {
    boolean confirmed = connection.isConfirmed();
    if (confirmed && connection.hasAny(ConnectionStatus.ASSURED)) {
      if (seen.checkedAt != now) {
        forget(seen, new Entry(Tuple.NONE, Zone.DEFAULT), now);
      }
      return;
    }
    boolean justChecked = seen.checkedAt == now && seen.hasGrownByLessThan(MOST_COLLECTED);
    if ((confirmed || !justChecked) && forget(seen, entry, now)) {
      return;
    }
    seen.entries.add(entry);
  }

  /** Forgets what is over, up to an entry that is looked for; returns whether it was found. */
  private boolean forget(Seen seen, Entry wanted, long now) {
    int collected = 0;
    Iterator<Entry> each = seen.entries.iterator();
    while (each.hasNext() && collected <= MOST_COLLECTED) {
      Entry entry = each.next();
      Connection found = conntrack.find(entry.tuple, entry.zone);
      if (found.exists()) {
        if (entry.tuple.equals(wanted.tuple) && isSameZone(found, wanted.zone)) {
          return true;
        }
        if (!isOver(found)) {
          continue;
        }
      }
      each.remove();
      collected++;
    }
    seen.checked(now);
    return false;
  }

  private static boolean isSameZone(Connection connection, Zone zone) {
    return connection.zoneOfDirections().idIn(Direction.ORIGINAL) == zone.idIn(Direction.ORIGINAL);
  }

  private static boolean isOver(Connection connection) {
    String state = connection.stateName();
    return state.equals("TIME_WAIT") || state.equals("CLOSE");
  }
}
