package dev.packetpath.iptables;

import java.util.Arrays;

/**
 * Where the walks of one engine stand in the indexes of their chains: a stack of words, from which
 * each chain that is being walked holds a part until it is left. Belongs to one thread.
 */
final class IndexCursors {
  /** No walk. */
  static final int NOT_STARTED = -1;

  /** No number of match calls. */
  static final int TO_BE_TESTED = -1;

  int[] words = new int[64];
  int top;

  /** Of the walk that was started last, the first rule to evaluate, or the size of the chain. */
  int first;

  /**
   * What is known of the rule that was found last: {@link #TO_BE_TESTED}, or that it matches, with
   * so many match calls.
   */
  int matchCalls;

  /** What was found for packets that are still to come. */
  final FoundAhead ahead = new FoundAhead();

  /** Takes so many words from the stack and returns the first. */
  int take(int count) {
    int first = top;
    top += count;
    if (top > words.length) {
      words = Arrays.copyOf(words, Math.max(top, 2 * words.length));
    }
    return first;
  }
}
