package dev.packetpath.core.host;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Limits ICMP errors to one peer: a bucket of six, one more each {@code icmp_ratelimit} ms
 * (net/ipv4/inetpeer.c, inet_peer_xrlim_allow). IPv4's errors about packets that cannot be routed
 * have to pass another limit first, which draws from the same bucket (net/ipv4/route.c, ip_error):
 * five, one more each second. The global limit of 1,000 a second is left out.
 */
final class IcmpRateLimit {
  private static final int BURST = 6;
  private static final long DEFAULT_INTERVAL_MS = 1000;
  private static final long NS_PER_MS = 1_000_000;
  private static final long ROUTING_ERROR_NS = VirtualClock.NS_PER_SECOND;
  private static final int ROUTING_ERROR_BURST = 5;
  private static final long FRESH_NS = 60 * VirtualClock.NS_PER_SECOND;

  private final VirtualClock clock;
  private final long intervalNs;
  private final boolean limitsRoutingErrors;
  private final Map<IpAddress, Bucket> buckets = new HashMap<>();

  IcmpRateLimit(Sysctls sysctls, String setting, VirtualClock clock) {
    this.clock = clock;
    this.intervalNs = sysctls.number(setting, DEFAULT_INTERVAL_MS) * NS_PER_MS;
    this.limitsRoutingErrors = sysctls.flag("net.ipv4.route.error_cost", true);
  }

  boolean allows(IpAddress peer) {
    return intervalNs == 0 || bucket(peer).take(intervalNs, BURST, clock.nowNs());
  }

  /** Whether the limit that only errors about IPv4 routing have lets one more through. */
  boolean allowsRoutingError(IpAddress peer) {
    return !limitsRoutingErrors
        || bucket(peer).take(ROUTING_ERROR_NS, ROUTING_ERROR_BURST, clock.nowNs());
  }

  private Bucket bucket(IpAddress peer) {
    return buckets.computeIfAbsent(peer, p -> new Bucket(clock.nowNs() - FRESH_NS));
  }

  private static final class Bucket {
    private long tokensNs;
    private long filledAtNs;

    Bucket(long filledAtNs) {
      this.filledAtNs = filledAtNs;
    }

    /** Takes the price of one error; what is over the burst spills only when time has passed. */
    boolean take(long priceNs, int burst, long nowNs) {
      if (nowNs != filledAtNs) {
        tokensNs = Math.min(burst * priceNs, tokensNs + nowNs - filledAtNs);
        filledAtNs = nowNs;
      }
      if (tokensNs < priceNs) {
        return false;
      }
      tokensNs -= priceNs;
      return true;
    }
  }
}
