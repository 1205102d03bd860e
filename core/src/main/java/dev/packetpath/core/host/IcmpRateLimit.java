package dev.packetpath.core.host;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Limits ICMP errors to one peer: a bucket of six, one more each {@code icmp_ratelimit} ms
 * (net/ipv4/inetpeer.c, inet_peer_xrlim_allow, Linux 6.1). The global limit of 1,000 a second is
 * left out.
 */
final class IcmpRateLimit {
  private static final int BURST = 6;
  private static final long DEFAULT_INTERVAL_MS = 1000;
  private static final long NS_PER_MS = 1_000_000;

  private final VirtualClock clock;
  private final long intervalNs;
  private final Map<IpAddress, Bucket> buckets = new HashMap<>();

  IcmpRateLimit(Sysctls sysctls, String setting, VirtualClock clock) {
    this.clock = clock;
    this.intervalNs = sysctls.number(setting, DEFAULT_INTERVAL_MS) * NS_PER_MS;
  }

  boolean allows(IpAddress peer) {
    if (intervalNs == 0) {
      return true;
    }
    Bucket bucket =
        buckets.computeIfAbsent(peer, p -> new Bucket(BURST * intervalNs, clock.nowNs()));
    bucket.tokensNs =
        Math.min(BURST * intervalNs, bucket.tokensNs + clock.nowNs() - bucket.filledAtNs);
    bucket.filledAtNs = clock.nowNs();
    if (bucket.tokensNs < intervalNs) {
      return false;
    }
    bucket.tokensNs -= intervalNs;
    return true;
  }

  private static final class Bucket {
    private long tokensNs;
    private long filledAtNs;

    Bucket(long tokensNs, long filledAtNs) {
      this.tokensNs = tokensNs;
      this.filledAtNs = filledAtNs;
    }
  }
}
