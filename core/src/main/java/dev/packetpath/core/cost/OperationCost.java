package dev.packetpath.core.cost;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * What one run of an operation costs.
 *
 * @param operation the operation's name
 * @param ns nanoseconds, at least 0
 * @param provenance how the figure was come by
 * @param source where it comes from, in words
 */
public record OperationCost(String operation, double ns, Provenance provenance, String source) {
  /** Checks the range. */
  public OperationCost {
    checkArgument(
        ns >= 0 && ns < Double.POSITIVE_INFINITY, "%s: %s ns, expected 0 or more", operation, ns);
  }
}
