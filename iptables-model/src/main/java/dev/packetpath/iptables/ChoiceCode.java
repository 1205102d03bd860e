package dev.packetpath.iptables;

import java.util.List;

/**
 * How the choices of a chain among endpoints ({@link EndpointChoice}) lie in its {@link ChainCode},
 * in front of the rules that they stand for and in order of these: all that the rules and the
 * chains that they call do with most packets. The rules' own code serves the others. First stand
 * {@link #head}, {@link #details} and where the thresholds of the draws are, then two words for
 * each choice (five for IPv6), at last the thresholds if no chain written before has the same. What
 * is read of a chain that chooses among ten endpoints is 160 bytes so, where rules and endpoints'
 * chains take seven cache lines in two places: at 10,000 Services it is the number of bytes that
 * counts, for they are more than caches have room for.
 */
final class ChoiceCode {
  static final int DETAILS = 1;

  /**
   * Where in all code the thresholds of the draws start, each 0 to 2^31 unsigned or {@link
   * #NO_DRAW}.
   */
  static final int THRESHOLDS = 2;

  /** Where the first choice starts. */
  static final int CHOICES = 3;

  /** Of the last choice, which is taken if no other is. */
  static final int NO_DRAW = -1;

  /** Where the called chain starts, {@link #COUNTED_WITH_RULE} or {@link #NOT_KNOWN}. */
  static final int CALLED = 0;

  /** The chain is to be walked, as an update replaced it. */
  static final int NOT_KNOWN = -1;

  /**
   * The rule alone calls the chain, so that what is sent is counted once for both, see {@link
   * TableCounters#sent}.
   */
  static final int COUNTED_WITH_RULE = -2;

  /** The address of the endpoint, in one word for IPv4 and in four for IPv6. */
  static final int ADDRESS = 1;

  private static final int PORT_MASK = 0xffff;
  private static final int PROTOCOL_SHIFT = 16;
  private static final int PROTOCOL_MASK = 0xff;
  private static final int SENDING_CALLS_SHIFT = 24;
  private static final int CALLS_MASK = 0xf;
  private static final int LAST_CALLS_SHIFT = 4;
  private static final int SIZE_SHIFT = 8;

  /** The most match calls that a rule may make. */
  static final int MOST_CALLS = CALLS_MASK;

  /** The most choices. */
  static final int MOST_CHOICES = -1 >>> SIZE_SHIFT;

  private ChoiceCode() {}

  /** Returns how many words a choice takes. */
  static int words(boolean wide) {
    return ADDRESS + (wide ? 4 : 1);
  }

  /** Returns how many choices there are, and the match calls of their rules. */
  static int head(List<EndpointChoice> choices) {
    int last = choices.size() - 1;
    return choices.size() << SIZE_SHIFT
        | choices.get(last).calls() << LAST_CALLS_SHIFT
        | choices.get(0).calls();
  }

  /** Returns how many choices there are. */
  static int size(int head) {
    return head >>> SIZE_SHIFT;
  }

  /** Returns the match calls of each rule but the last. */
  static int calls(int head) {
    return head & CALLS_MASK;
  }

  /** Returns the match calls of the last rule. */
  static int lastCalls(int head) {
    return head >>> LAST_CALLS_SHIFT & CALLS_MASK;
  }

  /** Returns what the endpoints have in common: port, protocol, match calls of what sends. */
  static int details(EndpointChain endpoint) {
    return endpoint.to().port()
        | endpoint.protocol() << PROTOCOL_SHIFT
        | endpoint.calls() << SENDING_CALLS_SHIFT;
  }

  static int port(int details) {
    return details & PORT_MASK;
  }

  static int protocol(int details) {
    return details >>> PROTOCOL_SHIFT & PROTOCOL_MASK;
  }

  /** Returns the match calls of the rule that sends. */
  static int sendingCalls(int details) {
    return details >>> SENDING_CALLS_SHIFT;
  }
}
