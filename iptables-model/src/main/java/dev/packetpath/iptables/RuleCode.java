package dev.packetpath.iptables;

import dev.packetpath.core.Verdict;

/**
 * How a rule lies among the ints of a table, see {@link ChainCode}. It is
 *
 * <ol>
 *   <li>its flags: which parts of the header it asks for and in which sense, what it does, its
 *       protocol;
 *   <li>its length in words;
 *   <li>the argument of what it does: where a chain starts, or the number of a target;
 *   <li>for source and destination, where asked for, the mask and the value: one word each for
 *       IPv4, four each for IPv6; then the numbers of the device patterns it asks for;
 *   <li>its tests, each of one to four words.
 * </ol>
 *
 * <p>A rule of kube-proxy takes 16 to 40 bytes so, and a short chain one or two cache lines.
 */
final class RuleCode {
  static final int LENGTH = 1;
  static final int ARGUMENT = 2;
  static final int FIRST_FIELD = 3;

  /** Where no argument stands. */
  static final int NO_ARGUMENT = -1;

  static final int SOURCE = 1;
  static final int NOT_SOURCE = 1 << 1;
  static final int DESTINATION = 1 << 2;
  static final int NOT_DESTINATION = 1 << 3;
  static final int IN = 1 << 4;
  static final int NOT_IN = 1 << 5;
  static final int OUT = 1 << 6;
  static final int NOT_OUT = 1 << 7;
  static final int PROTOCOL = 1 << 8;
  static final int NOT_PROTOCOL = 1 << 9;
  static final int LATER_FRAGMENT = 1 << 10;
  static final int NO_LATER_FRAGMENT = 1 << 11;

  /** The flags that ask for something of the header. */
  static final int HEADER = (1 << 12) - 1;

  /** The target is {@link TargetForm.SendTo}. */
  static final int SENDS = 1 << 15;

  private static final int ACTION_SHIFT = 12;
  private static final int ACTION_MASK = 7;
  private static final int PROTOCOL_SHIFT = 16;

  static final int CONTINUE = 0;
  static final int ACCEPT = 1;
  static final int DROP = 2;
  static final int QUEUE = 3;
  static final int RETURN = 4;
  static final int JUMP = 5;
  static final int GOTO = 6;
  static final int TARGET = 7;

  /**
   * A test's kind, in the low bits of its first word. In the highest bits stands how many tests
   * before it always hold, as comments do, and have no words of their own.
   */
  static final int TEST_MASK = 7;

  static final int ALWAYS_SHIFT = 28;
  static final int MOST_ALWAYS = 15;

  /** Holds, where no test is behind it or too many such are before it; one word. */
  static final int ALWAYS = 0;

  /** The match function whose number is in the middle bits; one word. */
  static final int FUNCTION = 1;

  /** Flags and any port; one word. */
  static final int TRANSPORT = 2;

  /** Flags and ports; a word each for source and destination, first port in the upper half. */
  static final int PORTS = 3;

  /** The packet mark; then mask and value. */
  static final int MARK = 4;

  /** A draw; then the threshold. */
  static final int CHANCE = 5;

  /** Any of some states of the packet's connection, in the upper bits; one word. */
  static final int STATE = 6;

  /**
   * No test but the last words of a rule with {@link #SENDS}: then the address, of one word or
   * four, and the port.
   */
  static final int SEND_TO = 7;

  static final int FUNCTION_SHIFT = 3;
  static final int STATES_SHIFT = 8;

  /** Of {@link #MARK}, {@link #CHANCE} and {@link #STATE}. */
  static final int NOT = 1 << 3;

  static final int NOT_SOURCE_PORT = 1 << 3;
  static final int NOT_DESTINATION_PORT = 1 << 4;
  static final int NOT_FLAGS = 1 << 5;
  static final int DROPS_OFFSET_ONE = 1 << 6;
  static final int FLAG_MASK_SHIFT = 8;
  static final int FLAGS_SHIFT = 16;

  private RuleCode() {}

  /** Returns the number of a {@link #FUNCTION}. */
  static int function(int test) {
    return (test & (1 << ALWAYS_SHIFT) - 1) >>> FUNCTION_SHIFT;
  }

  static int action(int flags) {
    return flags >> ACTION_SHIFT & ACTION_MASK;
  }

  /** Returns what a packet gets whose way ends with an action. */
  static Verdict verdict(int action) {
    return switch (action) {
      case ACCEPT -> Verdict.ACCEPT;
      case DROP -> Verdict.DROP;
      default -> Verdict.QUEUE;
    };
  }

  static int ofAction(int action) {
    return action << ACTION_SHIFT;
  }

  static int protocol(int flags) {
    return flags >>> PROTOCOL_SHIFT;
  }

  static int ofProtocol(int protocol) {
    return protocol << PROTOCOL_SHIFT;
  }

  /** Returns the words of a test from the first of them. */
  static int wordsOf(int test) {
    return switch (test & TEST_MASK) {
      case PORTS, MARK -> 3;
      case CHANCE -> 2;
      default -> 1;
    };
  }
}
