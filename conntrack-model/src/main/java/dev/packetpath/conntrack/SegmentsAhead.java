package dev.packetpath.conntrack;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.List;

/**
 * Finds the nodes of segments that came together before they are taken one by one, and reads their
 * rows. Of 10,000 connections in random order most of this is in no near cache: one segment waits
 * for its bucket, then for its row; here those of all segments are waited for together.
 *
 * <p>What was found is a guess, for the table and the segments may change meanwhile: {@link
 * #next()} tells it while the table has not changed, in the order of the segments, and who asks
 * compares the node with the segment.
 *
 * <p>Hot: all methods. They allocate for bursts longer than any before.
 */
final class SegmentsAhead {
  private final ConntrackTable table;
  private long[] hashes = {};

  /** See {@link FoundNode}. */
  private long[] found = {};

  private int count;
  private int next;
  private long changes;

  /** Made of all that was read, so that no compiler leaves a reading out. */
  @SuppressWarnings("UnusedVariable")
  private int mixed;

  SegmentsAhead(ConntrackTable table) {
    this.table = table;
  }

  /**
   * Looks ahead at the segments among a burst's packets that {@link EstablishedPath#take} will
   * probably ask for; returns how many nodes may be theirs.
   */
  int look(List<Packet> burst, int from, int end) {
    if (hashes.length < end - from) {
      hashes = new long[end - from];
      found = new long[end - from];
    }
    count = hash(burst, from, end);
    next = 0;
    changes = table.changes();
    return count == 0 ? 0 : find(count);
  }

  private int hash(List<Packet> burst, int from, int end) {
    int hashed = 0;
    for (int i = from; i < end; i++) {
      Packet packet = burst.get(i);
      if (EstablishedPath.hasJust(packet, TcpFlags.ACK)) {
        hashes[hashed++] = table.hashOf(packet, Zone.DEFAULT.id());
      }
    }
    return hashed;
  }

  private int find(int segments) {
    int mix = 0;
    int probable = 0;
    for (int i = 0; i < segments; i++) {
      mix ^= table.readAhead(hashes[i]);
    }
    EntryStore store = table.store();
    for (int i = 0; i < segments; i++) {
      found[i] = table.look(hashes[i]);
      int node = FoundNode.node(found[i]);
      if (node != ConntrackTable.NONE) {
        mix ^= store.readAhead(node >>> 1);
        probable++;
      }
    }
    mixed ^= mix;
    return probable;
  }

  /** Returns the node that the next segment probably has, as {@link FoundNode} has it. */
  long next() {
    return next < count && changes == table.changes() ? found[next++] : FoundNode.UNKNOWN;
  }
}
