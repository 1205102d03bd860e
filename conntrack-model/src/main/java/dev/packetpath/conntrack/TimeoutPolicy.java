package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;

/**
 * Timeouts that connections get instead of the host's ({@code nfct timeout}, net/netfilter/
 * nfnetlink_cttimeout.c, Linux 6.1).
 *
 * @param name the name that rules use, "" for none
 * @param seconds the timeouts that differ
 */
@Immutable
public record TimeoutPolicy(String name, ImmutableMap<Timeout, Long> seconds) {
  /** The host's timeouts. */
  public static final TimeoutPolicy NONE = new TimeoutPolicy("", ImmutableMap.of());

  /** Returns the seconds of a timeout, those of the host if the policy does not name it. */
  long seconds(Timeout timeout, ConntrackSettings host) {
    Long own = seconds.isEmpty() ? null : seconds.get(timeout);
    return own == null ? host.seconds(timeout) : own;
  }
}
