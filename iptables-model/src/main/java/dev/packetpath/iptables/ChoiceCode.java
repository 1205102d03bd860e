package dev.packetpath.iptables;

import java.util.List;

/**
 * How the choices of a chain among endpoints ({@link EndpointChoice}) lie in its {@link ChainCode},
 * in front of the rules that they stand for and in order of these: all that the rules and the
 * chains that they call do with most packets. The rules' own code serves the others. First stand
 * {@link #head}, {@link #details} and which chances are asked for, then the endpoints' addresses,
 * one word each (four for IPv6), and a word on each called chain. What is read of a chain that
 * chooses among ten endpoints is 120 bytes so, where rules and endpoints' chains take seven cache
 * lines in two places: at 10,000 Services it is the number of bytes that counts, for they are more
 * than caches have room for.
 */
final class ChoiceCode {
  static final int DETAILS = 1;

  /** The place of the chances among {@link TableProgram#chances}. */
  static final int CHANCES = 2;

  /** Where the first address starts. */
  static final int ADDRESSES = 3;

  /** In place of the threshold of the last choice, which is taken if no other is. */
  static final int NO_DRAW = -1;

  /**
   * In place of where a called chain starts: the chain is to be walked, as an update replaced it. A
   * smaller number is the way back to the start of the choices, and says that the rule alone calls
   * the chain: what is sent is counted once for both, see {@link TableCounters#sent}.
   */
  static final int NOT_KNOWN = -1;

  private static final int PORT_MASK = 0xffff;
  private static final int PROTOCOL_SHIFT = 16;
  private static final int PROTOCOL_MASK = 0xff;
  private static final int SENDING_CALLS_SHIFT = 24;
  private static final int CALLS_MASK = 0xf;
  private static final int LAST_CALLS_SHIFT = 4;
  private static final int ALL_COUNTED = 1 << 8;
  private static final int SIZE_SHIFT = 9;

  /** The most match calls that a rule may make. */
  static final int MOST_CALLS = CALLS_MASK;

  /** The most choices. */
  static final int MOST_CHOICES = -1 >>> SIZE_SHIFT;

  private ChoiceCode() {}

  /** Returns where the word on a called chain is, from the start of the choices. */
  static int called(int size, int number, boolean wide) {
    return ADDRESSES + (wide ? 4 * size : size) + number;
  }

  /**
   * Returns how many choices there are, the match calls of their rules, and that each is counted
   * with its rule.
   */
  static int head(List<EndpointChoice> choices) {
    int last = choices.size() - 1;
    return choices.size() << SIZE_SHIFT
        | ALL_COUNTED
        | choices.get(last).calls() << LAST_CALLS_SHIFT
        | choices.get(0).calls();
  }

  /** Returns how many choices there are. */
  static int size(int head) {
    return head >>> SIZE_SHIFT;
  }

  /** Returns whether all choices are counted with their rules. */
  static boolean areCounted(int head) {
    return (head & ALL_COUNTED) != 0;
  }

  /** Returns the head once a choice is no longer counted with its rule. */
  static int withOthers(int head) {
    return head & ~ALL_COUNTED;
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
