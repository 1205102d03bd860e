package dev.packetpath.compare.fit;

import dev.packetpath.kubernetes.proxy.ProxyMode;

/**
 * A point of the published charts of response time and CPU.
 *
 * @param measure what was measured
 * @param mode how kube-proxy programmed the Services
 * @param keepalive requests of one connection
 * @param services how many Services there were
 * @param value what was read off, in the measure's unit
 */
public record PublishedPoint(
    Measure measure, ProxyMode mode, int keepalive, int services, double value) {
  /** What a chart shows. */
  public enum Measure {
    /** The mean response time, milliseconds. */
    RESPONSE_MS,
    /** CPU of the client's node, cores. */
    CPU_CORES
  }

  /** How far from a response time a prediction may be, as a share of it. */
  static final double RESPONSE_TOLERANCE = 0.02;

  /** How far from a published use of cores a prediction may be, cores. */
  static final double CPU_TOLERANCE = 0.006;

  /** Returns how far from the value a prediction may be, in the measure's unit. */
  public double tolerance() {
    return measure == Measure.RESPONSE_MS ? RESPONSE_TOLERANCE * value : CPU_TOLERANCE;
  }
}
