package dev.packetpath.compare.traffic;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * Work that kube-proxy does again and again on the core that sets connections up. It runs while no
 * set-up waits, a chunk at a time; what comes during a chunk waits for its end. Established flows
 * do not wait for it.
 *
 * @param periodNs from one sync to the next, nanoseconds, at least 1,000,000
 * @param workNs the work of one sync, nanoseconds, 0 to the period
 * @param chunkNs the longest piece that nothing interrupts, nanoseconds, at least 1
 */
public record Sync(long periodNs, long workNs, long chunkNs) {
  /** Checks the ranges. */
  public Sync {
    checkArgument(
        periodNs >= 1_000_000 && periodNs <= Distribution.LONGEST_NS,
        "period of syncs: %s ns, expected 1000000 to 1e13",
        periodNs);
    checkArgument(workNs >= 0, "work of a sync: %s ns, expected at least 0", workNs);
    checkArgument(chunkNs >= 1, "chunk of a sync: %s ns, expected at least 1", chunkNs);
  }

  /** Returns the share of a core that syncs take. */
  public double load() {
    return (double) workNs / periodNs;
  }

  /** Returns how long a moment picked at random has to wait for the chunk at hand, in the mean. */
  double meanRestNs() {
    double lastNs = workNs % chunkNs;
    double squares = (workNs - lastNs) * chunkNs + lastNs * lastNs;
    return squares / (2.0 * periodNs);
  }
}
