package dev.packetpath.compare.work;

import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.compare.Configuration;

/** The work of made-up clusters with as many endpoints behind each Service. Thread-safe. */
public final class MadeUpWorkload implements Workload {
  private final PathCosts paths = new PathCosts();
  private final SyncCosts syncs = new SyncCosts();

  /** Creates one that has learnt nothing yet. */
  public MadeUpWorkload() {}

  @Override
  public PathWork work(Configuration configuration) {
    return paths.work(configuration);
  }

  @Override
  public ImmutableSortedMap<String, Double> syncOperations(Configuration configuration) {
    return syncs.operations(configuration);
  }
}
