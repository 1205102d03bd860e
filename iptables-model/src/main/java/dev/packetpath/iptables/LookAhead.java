package dev.packetpath.iptables;

import dev.packetpath.core.packet.Packet;
import java.util.List;

/**
 * Reads what the walks of packets that came together will begin with: the slots of an index that
 * their keys lead to, and the chains that the rules found there jump to. Of 10,000 Services hardly
 * any of this is in a cache. One walk waits for one line of memory after the other; here those of
 * all packets are waited for together.
 *
 * <p>Hot: {@link #read}, which allocates for the longest burst so far only.
 */
final class LookAhead {
  /** With fewer rules an index and what it leads to are in some cache anyway. */
  static final int MIN_RULES = 512;

  /** The place of a rule that does not jump, or is not known. */
  static final int NOWHERE = -1;

  /** How many ints a cache line has, and how many lines of a chain most walks read. */
  private static final int LINE = 64 / Integer.BYTES;

  private static final int LINES = 3;

  private final int[] code;
  private final ChainIndex[] indexes;
  private int[] jumps = {};

  /** Made of all that was read, so that no compiler leaves a reading out. */
  @SuppressWarnings("UnusedVariable")
  private int read;

  LookAhead(int[] code, ChainIndex[] indexes) {
    this.code = code;
    this.indexes = indexes;
  }

  /** Reads what the walks of some packets from the start of a chain begin with. */
  void read(int chain, List<Packet> burst, int from, int end) {
    if (code[chain + ChainCode.SIZE] < MIN_RULES || !ChainCode.beginsWithIndex(code, chain)) {
      return;
    }
    int[] starts = jumps(chain, burst, from, end);
    for (int i = 0; i < end - from; i++) {
      for (int at = starts[i]; at >= 0 && at < starts[i] + LINES * LINE; at += LINE) {
        read ^= at < code.length ? code[at] : 0;
      }
    }
  }

  /**
   * Returns for each packet where the chain starts, or started before updates, that the first rule
   * of an index jumps to; {@link #NOWHERE} if that takes a walk to know. The array is used again.
   */
  int[] jumps(int chain, List<Packet> burst, int from, int end) {
    if (jumps.length < end - from) {
      jumps = new int[end - from];
    }
    ChainIndex index = indexes[code[chain + ChainCode.PLACE]];
    index.lookAhead(burst, from, end, jumps);
    for (int i = 0; i < end - from; i++) {
      int outcome = jumps[i] < 0 ? NOWHERE : code[chain + index.outcome(jumps[i])];
      jumps[i] = outcome < 0 ? NOWHERE : outcome;
    }
    return jumps;
  }
}
