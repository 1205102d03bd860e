package dev.packetpath.core.host;

import dev.packetpath.core.Operation;
import dev.packetpath.core.Work;

/** What each packet on a {@link RecordedPath} does at one of its stations. */
@FunctionalInterface
public interface PathEffect {
  /** Counts packets that passed here, of so many bytes together. */
  void add(long packets, long bytes);

  /** Operations that every packet costs. */
  record Operations(Work work, Operation operation, long times) implements PathEffect {
    @Override
    public void add(long packets, long bytes) {
      work.add(operation, packets * times);
    }
  }
}
