package dev.packetpath.compare.traffic;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * The connection tracking table as churn meets it. A connection that has answered its requests
 * keeps its entry for the time in TIME_WAIT, and as no entry of an assured connection can be
 * dropped early, a full table loses SYNs (nf_conntrack_core.c, Linux 6.1: "table full, dropping
 * packet"). The client sends a lost SYN again after 1, 2, 4, … seconds.
 *
 * @param entries the limit, {@code net.netfilter.nf_conntrack_max}, at least 1
 * @param timeWaitNs how long an entry stays after its last request, nanoseconds
 * @param synRetries how often a client sends its SYN again, 0 to 16 ({@code
 *     net.ipv4.tcp_syn_retries}, 6 by default)
 */
public record ConnectionLimit(int entries, long timeWaitNs, int synRetries) {
  /** Checks the ranges. */
  public ConnectionLimit {
    checkArgument(entries >= 1, "entries: %s, expected at least 1", entries);
    checkArgument(
        timeWaitNs >= 0 && timeWaitNs <= 1_000_000_000_000L,
        "time in TIME_WAIT: %s ns, expected 0 to 1e12",
        timeWaitNs);
    checkArgument(
        synRetries >= 0 && synRetries <= 16, "SYN retries: %s, expected 0 to 16", synRetries);
  }
}
