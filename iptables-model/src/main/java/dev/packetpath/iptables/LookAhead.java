package dev.packetpath.iptables;

import dev.packetpath.core.packet.Packet;
import java.util.Arrays;
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

  /** In place of where a chain starts: the rule does not jump, or is not known. */
  static final int NOWHERE = -1;

  private static final int INTS_OF_LINE = 64 / Integer.BYTES;

  private final int[] code;
  private final ChainIndex[] indexes;
  private final FoundAhead ahead;
  private int[] jumps = {};
  private long chains;

  /** Made of all that was read, so that no compiler leaves a reading out. */
  @SuppressWarnings("UnusedVariable")
  private int mixed;

  /**
   * Creates the look ahead of a program's walks.
   *
   * @param ahead gets what the indexes find
   */
  LookAhead(int[] code, ChainIndex[] indexes, FoundAhead ahead) {
    this.code = code;
    this.indexes = indexes;
    this.ahead = ahead;
  }

  /**
   * Reads what the walks of some packets from the start of a chain begin with. Of the chains called
   * three lines are read: what 120 bytes, see {@link ChoiceCode}, lie in at most.
   */
  void read(int chain, List<Packet> burst, int from, int end) {
    if (code[chain + ChainCode.SIZE] < MIN_RULES || !ChainCode.beginsWithIndex(code, chain)) {
      return;
    }
    int[] starts = jumps(chain, burst, from, end);
    int[] code = this.code;
    int last = code.length - 1;
    int read = 0;
    int mix = 0;
    for (int i = 0; i < end - from; i++) {
      int start = starts[i];
      if (start != NOWHERE) {
        mix ^= code[start];
        mix ^= code[Math.min(start + INTS_OF_LINE, last)];
        mix ^= code[Math.min(start + 2 * INTS_OF_LINE, last)];
        read++;
      }
    }
    mixed ^= mix;
    chains += read;
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
    index.lookAhead(burst, from, end, ahead);
    int found = ahead.count();
    for (int i = 0; i < found; i++) {
      int place = index.only(ahead.found(i));
      int outcome = place < 0 ? NOWHERE : code[chain + index.outcome(place)];
      jumps[i] = outcome < 0 ? NOWHERE : outcome;
    }
    Arrays.fill(jumps, found, end - from, NOWHERE);
    return jumps;
  }

  /** Returns of how many chains the beginning was read so far. */
  long chains() {
    return chains;
  }
}
