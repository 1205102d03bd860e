package dev.packetpath.conntrack.capacity;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.Immutable;

/**
 * New connections of one kind at a constant rate: one in each interval of 1/rate, at any moment in
 * it.
 *
 * @param profile what each connection does
 * @param fromNs when the first one comes, nanoseconds
 * @param untilNs when no more come, nanoseconds
 * @param perSecond new connections in a second
 */
@Immutable
public record Arrivals(ConnectionProfile profile, long fromNs, long untilNs, double perSecond) {
  /** Checks that time goes forward and the rate is positive. */
  public Arrivals {
    checkArgument(
        0 <= fromNs && fromNs <= untilNs, "arrivals from %s ns until %s ns", fromNs, untilNs);
    checkArgument(
        perSecond > 0 && perSecond < 1e9, "a rate above 0 and below 1e9, found %s", perSecond);
  }
}
