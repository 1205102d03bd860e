package dev.packetpath.iptables;

/**
 * What a rule of an index does when it matches, in one word: where the chain starts to which it
 * jumps, or the complement of another action. These words of a {@link ChainCode} lie side by side,
 * so that a cache has room for all of them where it has none for the rules.
 */
final class OutcomeCode {
  private OutcomeCode() {}

  /** Returns whether an action is told by one word. */
  static boolean has(RuleAction action) {
    return !(action instanceof RuleAction.Goto || action instanceof RuleAction.Extension);
  }

  /** Returns an action, {@link RuleCode#JUMP} or one without an argument. */
  static int action(int outcome) {
    return outcome >= 0 ? RuleCode.JUMP : ~outcome;
  }

  /** Returns the word of an action that is no jump. */
  static int of(int action) {
    return ~action;
  }
}
