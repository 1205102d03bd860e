package dev.packetpath.nftables;

import dev.packetpath.core.VirtualClock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A set or map in use. Belongs to the host's thread. */
final class LoadedSet {
  private static final long FOREVER = Long.MAX_VALUE;

  private final VirtualClock clock;
  private final long timeoutNs;
  private final Map<Object, Long> expiryNs = new HashMap<>();
  private final Map<Object, ChainStep> verdicts = new HashMap<>();

  LoadedSet(NftSet set, VirtualClock clock, Function<ChainVerdict, ChainStep> steps) {
    this.clock = clock;
    this.timeoutNs = set.timeoutSeconds() * 1_000_000_000L;
    for (Expression element : set.elements()) {
      expiryNs.put(Literals.value(element), FOREVER);
    }
    for (Statement.Case element : set.cases()) {
      verdicts.put(Literals.value(element.key()), steps.apply(element.verdict()));
    }
  }

  boolean contains(Object value) {
    Long expires = expiryNs.get(value);
    return expires != null && clock.nowNs() < expires;
  }

  void update(Object value) {
    expiryNs.put(value, timeoutNs == 0 ? FOREVER : clock.nowNs() + timeoutNs);
  }

  Optional<ChainStep> verdict(Object key) {
    return Optional.ofNullable(verdicts.get(key));
  }
}
