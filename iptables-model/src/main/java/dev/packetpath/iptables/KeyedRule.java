package dev.packetpath.iptables;

import dev.packetpath.core.packet.Packet;

/**
 * What is left to ask of a packet whose key leads to a rule, where this is no more than its
 * destination port: a number beside the key, so that the rule itself need not be read.
 */
final class KeyedRule {
  /** More is to be asked: no packet is known to match. */
  static final int NOT_ONE = 0;

  private static final int PORT_MASK = 0xffff;
  private static final int ASKS_PORT = 1 << 16;
  private static final int CALLS_SHIFT = 17;
  private static final int MOST_CALLS = 0xfff;

  private KeyedRule() {}

  /**
   * Returns the number of a rule.
   *
   * @param shape the shape of its key
   */
  static int of(Rule rule, TupleShape shape) {
    boolean isOne =
        shape.fitsKey()
            && shape.covers(rule.header())
            && OutcomeCode.has(rule.action())
            && rule.matches().size() < MOST_CALLS;
    int ofPort = 0;
    for (Match match : rule.matches()) {
      if (match.form() instanceof MatchForm.Ports ports
          && ofPort == 0
          && ports.asksDestinationAlone()
          && ports.destination().isOne()) {
        ofPort = ASKS_PORT | ports.destination().first();
      } else if (!(match.form() instanceof MatchForm.Always)) {
        isOne = false;
      }
    }
    return isOne ? ((rule.matches().size() + 1) << CALLS_SHIFT) | ofPort : NOT_ONE;
  }

  /**
   * Returns the match calls of a rule that a packet of its key matches, {@link
   * IndexCursors#TO_BE_TESTED} if it may not match.
   *
   * @param packet one whose ports can be read
   */
  static int matchCalls(int number, Packet packet) {
    boolean matches = (number & ASKS_PORT) == 0 || packet.destinationPort() == (number & PORT_MASK);
    return matches ? (number >>> CALLS_SHIFT) - 1 : IndexCursors.TO_BE_TESTED;
  }
}
