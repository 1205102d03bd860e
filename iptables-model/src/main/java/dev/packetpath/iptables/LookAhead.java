package dev.packetpath.iptables;

import dev.packetpath.core.packet.Packet;
import java.util.List;

/**
 * Reads what the walks of packets that came together will begin with: the slots of an index that
 * their keys lead to, and the chains that the rules found there jump to. Of 10,000 Services hardly
 * any of this is in a cache. One walk waits for one line of memory after the other; here those of
 * all packets are waited for together: 450 to 469 instead of 492 to 661 ns for a new connection, at
 * best. Where an index does not tell its rule by one key ({@link ChainIndex#lookAhead}), as for
 * IPv6, nothing is read.
 *
 * <p>Hot: {@link #read}, which allocates for bursts longer than any before.
 */
final class LookAhead {
  /** Of fewer rules index and chains are in some cache anyway: 128 KB for these. */
  static final int MIN_RULES = 512;

  /** How many lines of a chain are read: what 120 bytes, see {@link ChoiceCode}, lie in at most. */
  static final int LINES = 3;

  /** In place of where a chain starts: the rule does not jump, or is not known. */
  static final int NOWHERE = -1;

  private static final int INTS_OF_LINE = 64 / Integer.BYTES;

  private final int[] code;
  private final ChainIndex[] indexes;
  private int[] jumps = {};
  private long lines;

  /** Made of all that was read, so that no compiler leaves a reading out. */
  @SuppressWarnings("UnusedVariable")
  private int mixed;

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
      if (starts[i] != NOWHERE) {
        readChain(starts[i]);
      }
    }
  }

  private void readChain(int start) {
    int last = Math.min(start + (LINES - 1) * INTS_OF_LINE, code.length - 1);
    for (int at = start; at <= last; at += INTS_OF_LINE) {
      mixed ^= code[at];
      lines++;
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

  /** Returns how many lines of chains were read so far. */
  long lines() {
    return lines;
  }
}
