package dev.packetpath.compare.lab;

/**
 * What clients saw.
 *
 * @param requests requests that were answered in time
 * @param requestsPerSecond the same, a second
 * @param droppedSyns SYNs that came out nowhere
 * @param connect how long the connections of these requests took to open
 */
public record PortReuseResult(
    long requests, double requestsPerSecond, long droppedSyns, ConnectTime connect) {
  /**
   * How long connections took to open, in milliseconds, as {@code ab} prints it.
   *
   * @param mean the mean
   * @param deviation the standard deviation
   * @param median the median
   * @param max the longest
   */
  public record ConnectTime(double mean, double deviation, double median, double max) {}
}
