package dev.packetpath.compare.traffic;

/**
 * What a simulation of traffic measured after it warmed up.
 *
 * @param response the mean time from when a request was due to its answer, nanoseconds
 * @param p50Ns its median, nanoseconds
 * @param p90Ns what nine of ten requests stayed under, nanoseconds
 * @param p99Ns what 99 of a hundred requests stayed under, nanoseconds
 * @param setUp the mean time of a set-up, from when it was due to when its connection was open,
 *     nanoseconds
 * @param cores what the cores did
 * @param requests requests answered
 * @param connections connections opened
 * @param seconds the time that was measured
 * @param lostSyns SYNs that a full table of connections lost
 * @param failedConnections connections that were given up after the last retry
 * @param events events of the whole run, the warm-up included
 */
public record TrafficResult(
    MeanEstimate response,
    long p50Ns,
    long p90Ns,
    long p99Ns,
    MeanEstimate setUp,
    CoreUse cores,
    long requests,
    long connections,
    double seconds,
    long lostSyns,
    long failedConnections,
    long events) {
  /** Returns the requests answered in a second. */
  public double requestsPerSecond() {
    return requests / seconds;
  }

  /** Returns the connections opened in a second. */
  public double connectionsPerSecond() {
    return connections / seconds;
  }
}
