package dev.packetpath.compare.work;

import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.compare.Configuration;

/** Where the experiment's work comes from: made-up clusters, or somebody's own. Thread-safe. */
public interface Workload {
  /**
   * Returns what the client's node does for a connection.
   *
   * @throws IllegalArgumentException if no connection passes
   */
  PathWork work(Configuration configuration);

  /** Returns how often the sync that repeats without a change runs each operation, by name. */
  ImmutableSortedMap<String, Double> syncOperations(Configuration configuration);
}
