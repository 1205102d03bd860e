package dev.packetpath.iptables;

import it.unimi.dsi.fastutil.ints.Int2LongOpenHashMap;
import java.util.Arrays;

/**
 * What the chains of a table counted in one engine. How often a rule was evaluated is not counted
 * rule by rule: it is the number of walks that entered its chain, less those that ended before the
 * rule. And a walk ends at a rule as often as the rule matches, but for the exceptions, which are
 * counted apart. Belongs to one thread, also to read; those of several engines can be added up.
 */
final class TableCounters {
  private static final int OF_RULE = 2;
  private static final int BYTES = 1;
  private static final int MOST_WAITING = 64;

  /**
   * For each rule the packets and bytes that it matched, for each policy those that it decided.
   * Nothing else, so that a rule that matches costs one cache line.
   */
  private long[] matched;

  /**
   * Matches that are not counted yet: where the rule's counters stand in the upper half, the bytes
   * in the lower. Of 320,000 rules hardly any counters are in a cache; those of many rules are
   * fetched side by side in the time of a few, where each by itself held up the walk.
   */
  private final long[] waiting = new long[MOST_WAITING];

  private int waits;

  /** What rules matched besides, together with a rule of the chain that they call. */
  private final SentCounters sent;

  /** For each rule how many walks ended at it more than it matched. */
  private long[] endedMore;

  /** For each chain that counts them the number of walks that entered. */
  private long[] entered;

  /**
   * By where the counters of a chain's only caller stand: how many more walks entered the chain
   * than that rule matched, below 0 for fewer, if not as many. They differ where the two did not
   * always count together.
   */
  private final Int2LongOpenHashMap enteredMore = new Int2LongOpenHashMap();

  /**
   * Creates counters that are 0.
   *
   * @param length those of rules and policies, as {@link #lengthOf} tells
   * @param entries those of walks that enter
   */
  TableCounters(int length, int entries) {
    this.matched = new long[length];
    this.sent = new SentCounters(length / OF_RULE);
    this.endedMore = new long[length / OF_RULE];
    this.entered = new long[entries];
  }

  /** Returns how many counters the rules and the policy of a chain take. */
  static int lengthOf(Chain chain) {
    return OF_RULE * (chain.rules().size() + (chain.isBase() ? 1 : 0));
  }

  /** Returns where the counters of a rule stand whose chain's stand at {@code chain}. */
  static int ofRule(int chain, int rule) {
    return chain + rule * OF_RULE;
  }

  /** Makes room for further chains behind those that there are. */
  void grow(int length, int entries) {
    if (length > matched.length) {
      matched = Arrays.copyOf(matched, length + length / 2);
      endedMore = Arrays.copyOf(endedMore, matched.length / OF_RULE);
      sent.grow(endedMore.length);
    }
    if (entries > entered.length) {
      entered = Arrays.copyOf(entered, entries + entries / 2);
    }
  }

  void entered(int entry) {
    entered[entry]++;
  }

  void entered(int entry, long walks) {
    entered[entry] += walks;
  }

  /** Returns the number of walks that entered a chain, see {@link ChainCode#ENTRY}. */
  private long walks(int entry) {
    return entry >= 0 ? entered[entry] : counted(~entry).packets() + enteredMore.get(~entry);
  }

  /** Returns the same counters as they stand in a program of the same chains. */
  TableCounters moved(TableProgram from, TableProgram to) {
    TableCounters moved = new TableCounters(to.counters(), to.entries());
    for (int place = 0; place < to.chains().size(); place++) {
      int their = from.word(place, ChainCode.COUNTERS);
      int own = to.word(place, ChainCode.COUNTERS);
      int length = lengthOf(to.chains().get(place));
      moved.takeChain(this, their, own, length, from.word(place, ChainCode.ENTRY));
    }
    for (int place = 0; place < to.chains().size(); place++) {
      moved.takeEntry(this, from.word(place, ChainCode.ENTRY), to.word(place, ChainCode.ENTRY));
    }
    return moved;
  }

  /**
   * Takes over what a chain counted elsewhere.
   *
   * @param their where the chain's counters stand there
   * @param own where they stand here
   * @param length see {@link #lengthOf}
   * @param entry the chain's {@link ChainCode#ENTRY} there
   */
  private void takeChain(TableCounters others, int their, int own, int length, int entry) {
    for (int rule = 0; rule < length / OF_RULE; rule++) {
      add(ofRule(own, rule), others.of(their, rule, entry));
    }
    System.arraycopy(others.endedMore, their / OF_RULE, endedMore, own / OF_RULE, length / OF_RULE);
  }

  private void add(int at, Counters counted) {
    matched(at, counted.packets(), counted.bytes());
  }

  /**
   * Takes over how many walks entered a chain elsewhere, see {@link ChainCode#ENTRY}; comes after
   * {@link #takeChain} for all chains.
   */
  private void takeEntry(TableCounters others, int their, int own) {
    others.count();
    enteredSoFar(own, others.walks(their));
  }

  private void enteredSoFar(int entry, long walks) {
    if (entry >= 0) {
      entered[entry] = walks;
    } else if (walks != walks(entry)) {
      enteredMore.put(~entry, walks - walks(entry));
    }
  }

  /**
   * Lets the walks that enter a chain be counted elsewhere from now on.
   *
   * @param before the chain's {@link ChainCode#ENTRY} up to now
   * @param entry its entry from now on
   * @param chain where the chain's counters stand
   */
  void carry(int before, int entry, int chain) {
    count();
    long walks = walks(before);
    if (before < 0) {
      Counters sentOn = sent.take(~before / OF_RULE);
      if (sentOn.packets() != 0) {
        add(~before, sentOn);
        add(ofRule(chain, EndpointChain.SENDING_RULE), sentOn);
      }
    }
    enteredSoFar(entry, walks);
  }

  void matched(int chain, int rule, int bytes) {
    if (waits == MOST_WAITING) {
      count();
    }
    waiting[waits++] = (long) ofRule(chain, rule) << Integer.SIZE | bytes;
  }

  /** Counts a match of a rule, and of the rule of an endpoint's chain that sends. */
  void sent(int chain, int rule, int bytes) {
    sent.sent(ofRule(chain, rule) / OF_RULE, bytes);
  }

  /** Counts what waits; comes before each look at the counters. */
  private void count() {
    long[] counters = matched;
    for (int i = 0; i < waits; i++) {
      int at = (int) (waiting[i] >>> Integer.SIZE);
      counters[at]++;
      counters[at + BYTES] += (int) waiting[i];
    }
    waits = 0;
  }

  /**
   * Counts several packets.
   *
   * @param at see {@link #ofRule}
   */
  void matched(int at, long packets, long bytes) {
    matched[at] += packets;
    matched[at + BYTES] += bytes;
  }

  /** Notes that a walk went on behind a rule that matched. */
  void wentOn(int chain, int rule) {
    endedMore[ofRule(chain, rule) / OF_RULE]--;
  }

  /**
   * Notes that several walks went on behind a rule that matched.
   *
   * @param at see {@link #ofRule}
   */
  void wentOn(int at, long walks) {
    endedMore[at / OF_RULE] -= walks;
  }

  /** Notes that a walk ended at a rule that did not match. */
  void endedUnmatched(int chain, int rule) {
    endedMore[ofRule(chain, rule) / OF_RULE]++;
  }

  /** Counts for the policy of a base chain of so many rules. */
  void policy(int chain, int rules, int bytes) {
    matched(chain, rules, bytes);
  }

  /**
   * Returns what a rule counted; behind the last rule of a base chain, what its policy did.
   *
   * @param entry the chain's {@link ChainCode#ENTRY}: its only caller counts what the chain sent
   */
  Counters of(int chain, int rule, int entry) {
    count();
    Counters counted = counted(ofRule(chain, rule));
    boolean maySend = entry < 0 && rule == EndpointChain.SENDING_RULE;
    return maySend ? counted.plus(sent.of(~entry / OF_RULE)) : counted;
  }

  private Counters counted(int at) {
    return new Counters(matched[at], matched[at + BYTES]).plus(sent.of(at / OF_RULE));
  }

  /**
   * Returns for each rule of a chain how often it was evaluated, and how often its end was met.
   *
   * @param entry the chain's {@link ChainCode#ENTRY}
   */
  long[] evaluated(int chain, int rules, int entry) {
    count();
    long[] evaluated = new long[rules + 1];
    evaluated[0] = walks(entry);
    for (int i = 0; i < rules; i++) {
      long ended = of(chain, i, entry).packets() + endedMore[ofRule(chain, i) / OF_RULE];
      evaluated[i + 1] = evaluated[i] - ended;
    }
    return evaluated;
  }

  /**
   * Adds what counters of the same program counted. One that was updated is nobody else's, so there
   * is no {@link #enteredMore} to add.
   */
  void add(TableCounters other) {
    count();
    other.count();
    add(matched, other.matched);
    sent.add(other.sent);
    add(endedMore, other.endedMore);
    add(entered, other.entered);
  }

  private static void add(long[] sums, long[] others) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += others[i];
    }
  }
}
