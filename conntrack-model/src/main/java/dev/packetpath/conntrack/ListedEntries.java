package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of a text so far, with their lines. Two of one tuple are refused where the second
 * stands: no table has both.
 *
 * <p>Holds a hash for each tuple; entries are compared only where two hashes are the same.
 */
final class ListedEntries {
  private static final long SEED = 0;

  private final String file;
  private final List<ConntrackEntry> entries = new ArrayList<>();
  private final IntArrayList lines = new IntArrayList();
  private final LongOpenHashSet hashes = new LongOpenHashSet();
  private final TupleKey key = new TupleKey();

  ListedEntries(String file) {
    this.file = file;
  }

  void add(ConntrackLine line) {
    ConntrackEntry entry = line.parse();
    long original = hash(entry, Direction.ORIGINAL);
    long reply = hash(entry, Direction.REPLY);
    if (hashes.contains(original)) {
      refuseSecond(entry, Direction.ORIGINAL, line);
    }
    if (hashes.contains(reply)) {
      refuseSecond(entry, Direction.REPLY, line);
    }
    hashes.add(original);
    hashes.add(reply);
    entries.add(entry);
    lines.add(line.number());
  }

  ImmutableList<ConntrackEntry> all() {
    return ImmutableList.copyOf(entries);
  }

  private void refuseSecond(ConntrackEntry entry, Direction direction, ConntrackLine line) {
    Tuple tuple = tuple(entry, direction);
    int zone = entry.zone().idIn(direction);
    for (int i = 0; i < entries.size(); i++) {
      for (Direction other : Direction.values()) {
        ConntrackEntry listed = entries.get(i);
        if (tuple(listed, other).equals(tuple) && listed.zone().idIn(other) == zone) {
          throw new SyntaxException(
              file,
              line.number(),
              line.column(direction),
              "a second entry of " + tuple,
              "one, which line " + lines.getInt(i) + " has");
        }
      }
    }
  }

  private static Tuple tuple(ConntrackEntry entry, Direction direction) {
    return direction == Direction.ORIGINAL ? entry.original() : entry.reply();
  }

  private long hash(ConntrackEntry entry, Direction direction) {
    return key.set(tuple(entry, direction)).hash(entry.zone().idIn(direction), SEED);
  }
}
