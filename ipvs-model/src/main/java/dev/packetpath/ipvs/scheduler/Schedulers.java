package dev.packetpath.ipvs.scheduler;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.function.Function;

/** The schedulers by the names that {@code ipvsadm -s} takes. */
public final class Schedulers {
  private static final ImmutableMap<String, Function<SchedulerContext, Scheduler>> BY_NAME =
      ImmutableMap.<String, Function<SchedulerContext, Scheduler>>builder()
          .put("rr", RoundRobin::new)
          .put("wrr", WeightedRoundRobin::new)
          .put("lc", LeastConnection::new)
          .put("wlc", WeightedLeastConnection::new)
          .put("lblc", LocalityLeastConnection::new)
          .put("lblcr", LocalityReplication::new)
          .put("dh", DestinationHashing::new)
          .put("sh", SourceHashing::new)
          .put("sed", ShortestExpectedDelay::new)
          .put("nq", NeverQueue::new)
          .put("fo", WeightedFailover::new)
          .put("ovf", WeightedOverflow::new)
          .put("mh", MaglevHashing::new)
          .put("twos", PowerOfTwoChoices::new)
          .buildOrThrow();

  private Schedulers() {}

  /** Returns all names. */
  public static ImmutableSet<String> names() {
    return BY_NAME.keySet();
  }

  /** Returns whether there is a scheduler of this name. */
  public static boolean isKnown(String name) {
    return BY_NAME.containsKey(name);
  }

  /**
   * Returns a new scheduler for a service, which has no servers yet or has them on its list.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Scheduler create(String name, SchedulerContext service) {
    Function<SchedulerContext, Scheduler> factory = BY_NAME.get(name);
    checkArgument(factory != null, "unknown scheduler \"%s\", expected one of %s", name, names());
    return factory.apply(service);
  }
}
