package dev.packetpath.conntrack;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.Immutable;

/**
 * A connection that is waited for, as {@code conntrack -L expect} lists it.
 *
 * @param remainingSeconds the whole seconds for which it is still waited for
 * @param tuple the tuple that it will have, its source port 0: any
 * @param master the original tuple of the connection that announced it
 * @param zone the zone of both
 * @param helper the name of the helper that read the announcement
 */
@Immutable
public record ExpectationEntry(
    long remainingSeconds, Tuple tuple, Tuple master, int zone, String helper) {
  /**
   * Checks the time left and the tuples.
   *
   * @throws IllegalArgumentException if the time is negative, or the tuples do not fit each other
   */
  public ExpectationEntry {
    checkArgument(remainingSeconds >= 0, "seconds left: %s", remainingSeconds);
    checkArgument(tuple.family() == master.family(), "%s of %s: two families", tuple, master);
    checkArgument(tuple.sourcePort() == 0, "a source port of 0, found %s", tuple);
  }
}
