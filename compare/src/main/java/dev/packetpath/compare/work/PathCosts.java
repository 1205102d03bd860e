package dev.packetpath.compare.work;

import dev.packetpath.compare.Configuration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What connections cost the client's node, for any configuration. Learns each kind of program once,
 * which takes a moment, and keeps what it worked out for a number of Services. Thread-safe.
 */
public final class PathCosts {
  private final ConcurrentHashMap<PathKind, PathModel> models = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Size, PathWork> works = new ConcurrentHashMap<>();

  private record Size(PathKind kind, int services, int endpoints) {}

  /** Creates one that has learnt nothing yet. */
  public PathCosts() {}

  /** Returns what the node does for a connection of a configuration. */
  public PathWork work(Configuration configuration) {
    Size size =
        new Size(PathKind.of(configuration), configuration.services(), configuration.endpoints());
    PathWork known = works.get(size);
    if (known != null) {
      return known;
    }
    PathWork work =
        models.computeIfAbsent(size.kind(), PathModel::learn).of(size.services(), size.endpoints());
    works.put(size, work);
    return work;
  }
}
