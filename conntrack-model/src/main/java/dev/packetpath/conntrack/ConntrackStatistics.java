package dev.packetpath.conntrack;

import java.io.IOException;
import java.io.Reader;

/**
 * What {@code conntrack -S} counts ({@code struct ip_conntrack_stat},
 * include/uapi/linux/netfilter/nf_conntrack_common.h, Linux 6.1).
 *
 * @param found tuples found taken while NAT looked for a free one
 * @param invalid packets that no connection can be made of
 * @param insert entries that user space inserted
 * @param insertFailed confirmations that failed
 * @param drop packets dropped
 * @param earlyDrop entries dropped to make room
 * @param error ICMP packets that are broken or about no known connection
 * @param searchRestart look-ups begun again; 0 on one thread
 * @param clashResolve clashes of two entries that were resolved
 * @param chainTooLong confirmations that failed because a bucket was full
 */
public record ConntrackStatistics(
    long found,
    long invalid,
    long insert,
    long insertFailed,
    long drop,
    long earlyDrop,
    long error,
    long searchRestart,
    long clashResolve,
    long chainTooLong) {
  /**
   * Returns what {@code conntrack -S} printed, all processors together. Counters that older tools
   * print and newer ones do not are passed over, absent ones are 0.
   *
   * @param file what to call the text in errors
   * @throws dev.packetpath.core.SyntaxException if a word is no {@code name=number}
   * @throws IOException if the reader fails
   */
  public static ConntrackStatistics read(String file, Reader text) throws IOException {
    return StatisticsText.read(file, text);
  }

  /** Returns the line that {@code conntrack -S} prints for one processor, without its end. */
  @Override
  public String toString() {
    return "cpu=0   \tfound="
        + found
        + " invalid="
        + invalid
        + " insert="
        + insert
        + " insert_failed="
        + insertFailed
        + " drop="
        + drop
        + " early_drop="
        + earlyDrop
        + " error="
        + error
        + " search_restart="
        + searchRestart
        + " clash_resolve="
        + clashResolve
        + " chaintoolong="
        + chainTooLong
        + " ";
  }
}
