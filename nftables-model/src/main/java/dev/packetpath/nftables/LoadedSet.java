package dev.packetpath.nftables;

import dev.packetpath.core.VirtualClock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A set or map in use. Belongs to the host's thread. */
final class LoadedSet {
  private static final long FOREVER = Long.MAX_VALUE;
  private static final long NS_PER_SECOND = VirtualClock.NS_PER_SECOND;

  private final VirtualClock clock;
  private final long timeoutNs;
  private final Map<Object, Long> expiryNs = new HashMap<>();
  private final Map<Object, ChainStep> verdicts = new HashMap<>();

  LoadedSet(NftSet set, VirtualClock clock, Function<ChainVerdict, ChainStep> steps) {
    this.clock = clock;
    this.timeoutNs = set.timeoutSeconds() * NS_PER_SECOND;
    Expression field = Literals.fieldOf(set.keyTypes());
    for (Expression element : set.elements()) {
      if (element instanceof Expression.Expiring expiring) {
        long leftNs = expiring.seconds() * NS_PER_SECOND;
        expiryNs.put(Literals.value(expiring.key(), field), clock.nowNs() + leftNs);
      } else {
        expiryNs.put(Literals.value(element, field), FOREVER);
      }
    }
    addCases(set.cases(), field, steps);
  }

  /** Makes a map without a name, whose keys are values of a field. */
  LoadedSet(
      List<Statement.Case> cases,
      Expression field,
      VirtualClock clock,
      Function<ChainVerdict, ChainStep> steps) {
    this.clock = clock;
    this.timeoutNs = 0;
    addCases(cases, field, steps);
  }

  private void addCases(
      List<Statement.Case> cases, Expression field, Function<ChainVerdict, ChainStep> steps) {
    for (Statement.Case element : cases) {
      verdicts.put(Literals.value(element.key(), field), steps.apply(element.verdict()));
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
