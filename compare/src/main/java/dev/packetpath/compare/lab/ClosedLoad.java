package dev.packetpath.compare.lab;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * Clients that each open a connection, wait for one answer, and begin again, as {@code ab} has
 * them.
 *
 * @param clients how many clients there are
 * @param durationNs how long they go on
 * @param ports how many ports they take their connections from, in turn
 * @param answerNs how long the answer takes once the connection is there
 */
public record ClosedLoad(int clients, long durationNs, int ports, long answerNs) {
  /** Checks the ranges. */
  public ClosedLoad {
    checkArgument(clients >= 1, "clients: %s, expected at least 1", clients);
    checkArgument(durationNs > 0, "duration: %s ns, expected more than 0", durationNs);
    checkArgument(
        ports >= clients && ports <= 65_535,
        "ports: %s, expected at least as many as clients (%s) and at most 65535",
        ports,
        clients);
    checkArgument(answerNs > 0, "answer: %s ns, expected more than 0", answerNs);
  }

  /** Returns the load of some of the clients, each with as many ports as before. */
  ClosedLoad share(double share) {
    return new ClosedLoad(
        (int) Math.round(clients * share), durationNs, (int) Math.round(ports * share), answerNs);
  }
}
