package dev.packetpath.iptables;

import java.util.Arrays;

/**
 * The jumps that a walk is to return to, innermost last. Those of walks that began before lie below
 * those of the walk under way. Belongs to one thread.
 */
final class WalkStack {
  private static final int WORDS_OF_FRAME = 4;

  /** For each jump where the chain starts, the place of the rule, where it starts, the cursors. */
  private int[] words = new int[8 * WORDS_OF_FRAME];

  private int top;

  /** Returns how high the stack is: a number that grows with each jump. */
  int height() {
    return top;
  }

  /**
   * Adds a jump.
   *
   * @param chain where the chain of its rule starts
   * @param place the rule's place in the chain
   * @param rule where the rule starts
   * @param walk where the walk of the chain's index stands in {@link IndexCursors}
   */
  void push(int chain, int place, int rule, int walk) {
    if (top == words.length) {
      words = Arrays.copyOf(words, 2 * top);
    }
    words[top] = chain;
    words[top + 1] = place;
    words[top + 2] = rule;
    words[top + 3] = walk;
    top += WORDS_OF_FRAME;
  }

  /** Takes the last jump away, of which {@link #chain} and the others tell until the next comes. */
  void pop() {
    top -= WORDS_OF_FRAME;
  }

  int chain() {
    return words[top];
  }

  int place() {
    return words[top + 1];
  }

  int rule() {
    return words[top + 2];
  }

  int walk() {
    return words[top + 3];
  }
}
