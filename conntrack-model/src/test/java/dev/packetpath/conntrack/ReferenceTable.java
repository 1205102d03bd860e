package dev.packetpath.conntrack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The connection table as plainly as can be: a list that is searched from its newest entry on. */
final class ReferenceTable {
  /**
   * An entry.
   *
   * @param number its place in the order of insertion
   */
  record Entry(Tuple original, Tuple reply, Zone zone, long number, long endsAtNs) {
    boolean has(Direction direction, Tuple tuple, Zone wanted) {
      Tuple own = direction == Direction.ORIGINAL ? original : reply;
      return own.equals(tuple) && zone.idIn(direction) == wanted.idIn(direction);
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  List<Entry> entries() {
    return entries;
  }

  /** Returns the newest entry that has a tuple in either direction, or null. */
  Entry find(Tuple tuple, Zone zone) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      Entry entry = entries.get(i);
      if (entry.has(Direction.REPLY, tuple, zone) || entry.has(Direction.ORIGINAL, tuple, zone)) {
        return entry;
      }
    }
    return null;
  }

  /** Takes out what is over and returns it, the first to end first. */
  List<Entry> expire(long nowNs) {
    List<Entry> over = entries.stream().filter(entry -> entry.endsAtNs <= nowNs).toList();
    entries.removeAll(over);
    return over.stream()
        .sorted(Comparator.comparingLong(Entry::endsAtNs).thenComparingLong(Entry::number))
        .toList();
  }

  /** Lets an entry end at another time. */
  Entry endAt(Entry entry, long endsAtNs) {
    Entry changed = new Entry(entry.original, entry.reply, entry.zone, entry.number, endsAtNs);
    entries.set(entries.indexOf(entry), changed);
    return changed;
  }
}
