package dev.packetpath.compare.work;

import dev.packetpath.compare.Configuration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What connections cost the client's node, for any configuration. Learns each kind of program once,
 * which takes a moment; after that a configuration takes microseconds. Thread-safe.
 */
public final class PathCosts {
  private final ConcurrentHashMap<PathKind, PathModel> models = new ConcurrentHashMap<>();

  /** Creates one that has learnt nothing yet. */
  public PathCosts() {}

  /** Returns what the node does for a connection of a configuration. */
  public PathWork work(Configuration configuration) {
    return models
        .computeIfAbsent(PathKind.of(configuration), PathModel::learn)
        .of(configuration.services(), configuration.endpoints());
  }
}
