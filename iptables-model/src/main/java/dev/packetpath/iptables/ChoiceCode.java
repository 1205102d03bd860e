package dev.packetpath.iptables;

/**
 * How the choices of a chain among endpoints ({@link EndpointChoice}) lie in its {@link ChainCode},
 * in front of the rules that they stand for and in order of these: all that the rules and the
 * chains that they call do with most packets. The rules' own code serves the others. A choice at
 * random among ten endpoints reads three or four cache lines so, next to one another and to the
 * start of the chain, where rules and chain take seven in two places, of which no line is in a
 * cache at 10,000 Services.
 */
final class ChoiceCode {
  /** The threshold of the draw, 0 to 2^31 unsigned, {@link #NO_DRAW} for none. */
  static final int THRESHOLD = 0;

  static final int NO_DRAW = -1;

  /** The port; the protocol; the match calls of the rule and of the rule that sends. */
  static final int DETAILS = 1;

  /**
   * Where the counters of the called chain start; {@link #NOT_KNOWN} where the chain is to be
   * walked, as an update replaced it.
   */
  static final int COUNTERS = 2;

  static final int NOT_KNOWN = -1;

  /** As {@link ChainCode#ENTRY} of the called chain. */
  static final int ENTRY = 3;

  /** The address of the endpoint, in one word for IPv4 and in four for IPv6. */
  static final int ADDRESS = 4;

  private static final int PORT_MASK = 0xffff;
  private static final int PROTOCOL_SHIFT = 16;
  private static final int PROTOCOL_MASK = 0xff;
  private static final int CALLS_SHIFT = 24;
  private static final int SENDING_CALLS_SHIFT = 28;
  private static final int CALLS_MASK = 0xf;

  /** The most match calls that a rule may make. */
  static final int MOST_CALLS = CALLS_MASK;

  private ChoiceCode() {}

  /** Returns how many words a choice takes. */
  static int words(boolean wide) {
    return ADDRESS + (wide ? 4 : 1);
  }

  static int details(EndpointChoice choice) {
    return choice.endpoint().to().port()
        | choice.endpoint().protocol() << PROTOCOL_SHIFT
        | choice.calls() << CALLS_SHIFT
        | choice.endpoint().calls() << SENDING_CALLS_SHIFT;
  }

  static int port(int details) {
    return details & PORT_MASK;
  }

  static int protocol(int details) {
    return details >>> PROTOCOL_SHIFT & PROTOCOL_MASK;
  }

  /** Returns the match calls of the rule that calls. */
  static int calls(int details) {
    return details >>> CALLS_SHIFT & CALLS_MASK;
  }

  /** Returns the match calls of the rule that sends. */
  static int sendingCalls(int details) {
    return details >>> SENDING_CALLS_SHIFT;
  }
}
