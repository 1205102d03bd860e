package dev.packetpath.iptables;

/**
 * How chains lie in the one array of ints of a table, one behind the other: some words on the
 * chain, then its rules as {@link RuleCode}. One array, so that a chain costs no object and the
 * chains of one service share cache lines; rules name the chains that they call by where these
 * start, so that a call reads nothing else.
 */
final class ChainCode {
  /** The number of rules; {@link #MOVED} of a chain that an update wrote elsewhere. */
  static final int SIZE = 0;

  /** In place of the size: where the chain starts now is in {@link #PLAIN}. */
  static final int MOVED = -1;

  /**
   * The number of rules before those of the index, {@link #SIZE} if there is none. These are
   * evaluated one by one. Between them and the rules of the index stands what these do, one {@link
   * OutcomeCode} for each.
   */
  static final int PLAIN = 1;

  /** Where its counters start, see {@link TableCounters}. */
  static final int COUNTERS = 2;

  /** The upper half of the site of its rules' draws, see {@link LoadContext#siteOf}. */
  static final int SITE = 3;

  /** The place of the chain in the table. */
  static final int PLACE = 4;

  /**
   * The number of the counter of walks that enter. Where one rule alone calls the chain, that rule
   * counts them, and this is the complement of where its counters stand.
   */
  static final int ENTRY = 5;

  /**
   * How many words its choices take, which lie as {@link ChoiceCode} in front of the rules that
   * they stand for. If there are any, {@link #PLAIN} is the place of the first of these rules, and
   * there is no index.
   */
  static final int CHOICES = 6;

  /** Where the choice starts that knows what this chain does; {@link #NOT_CHOSEN} if none does. */
  static final int CHOSEN_BY = 7;

  static final int NOT_CHOSEN = -1;

  /** Where the rules start. */
  static final int RULES = 8;

  private ChainCode() {}

  /** Returns whether the first rule of a chain is one of its index. */
  static boolean beginsWithIndex(int[] code, int chain) {
    return code[chain + PLAIN] == 0 && code[chain + SIZE] > 0 && code[chain + CHOICES] == 0;
  }

  /** Returns how many words the chain that starts here takes, with all that belongs to it. */
  static int words(int[] code, int chain) {
    int plain = code[chain + PLAIN];
    int others = code[chain + SIZE] - plain;
    int between = code[chain + CHOICES] == 0 ? others : code[chain + CHOICES];
    return behind(code, behind(code, chain + RULES, plain) + between, others) - chain;
  }

  /** Returns where the code of so many rules ends. */
  static int behind(int[] code, int firstRule, int rules) {
    int at = firstRule;
    for (int rule = 0; rule < rules; rule++) {
      at += code[at + RuleCode.LENGTH];
    }
    return at;
  }

  /**
   * Returns where a chain starts that is called, after updates where it starts now.
   *
   * @param where a word that holds where it starts or started
   */
  static int called(int[] code, int where) {
    int chain = code[where];
    if (code[chain + SIZE] == MOVED) {
      while (code[chain + SIZE] == MOVED) {
        chain = code[chain + PLAIN];
      }
      code[where] = chain;
    }
    return chain;
  }
}
