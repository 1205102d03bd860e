package dev.packetpath.conntrack;

import dev.packetpath.core.host.RecordedPath;
import java.util.Arrays;

/**
 * The path over the hooks that was recorded for each node, see {@link ConntrackTable}. Apart from
 * the rows, because 4 bytes a node are enough, and none where no path was ever recorded.
 *
 * <p>Hot: {@link #get}, {@link #forget}. They do not allocate.
 */
final class NodePaths {
  private static final int FEWEST = 1024;

  /** For each family the paths by the number of the row times two, plus the direction. */
  private final RecordedPath[][] families = {{}, {}};

  /** Returns the path of a node, {@link RecordedPath#NONE} if none was recorded. */
  RecordedPath get(int node) {
    RecordedPath[] paths = families[family(node)];
    int place = place(node);
    return place < paths.length ? paths[place] : RecordedPath.NONE;
  }

  /** Remembers the path of a node. */
  void put(int node, RecordedPath path) {
    RecordedPath[] paths = families[family(node)];
    int place = place(node);
    if (place >= paths.length) {
      int known = paths.length;
      paths = Arrays.copyOf(paths, Math.max(FEWEST, (place + place / 2 + 1 | 1) + 1));
      Arrays.fill(paths, known, paths.length, RecordedPath.NONE);
      families[family(node)] = paths;
    }
    paths[place] = path;
  }

  /** Forgets the paths of a slot's last entry. */
  void forget(int slot) {
    RecordedPath[] paths = families[slot & 1];
    int place = slot >>> 1 << 1;
    if (place < paths.length) {
      paths[place] = RecordedPath.NONE;
      paths[place + 1] = RecordedPath.NONE;
    }
  }

  private static int family(int node) {
    return node >>> 1 & 1;
  }

  private static int place(int node) {
    return node >>> 2 << 1 | (node & 1);
  }
}
