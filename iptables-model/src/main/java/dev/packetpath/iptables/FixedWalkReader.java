package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.packet.Packet;
import it.unimi.dsi.fastutil.ints.IntArrayList;

/**
 * Reads from a table what a packet's walk does, as far as it depends on nothing but the states of
 * the connection, the mark and the devices. Counts nothing itself. Belongs to one thread.
 */
final class FixedWalkReader {
  private static final int OTHER_FIELDS =
      RuleCode.HEADER & ~(RuleCode.IN | RuleCode.NOT_IN | RuleCode.OUT | RuleCode.NOT_OUT);
  private static final MatchFunction[] NO_FUNCTIONS = {};

  private final int[] code;
  private final int[] starts;
  private final Verdict[] policies;
  private final RuleTester tester;
  private final IntArrayList stack = new IntArrayList();

  /**
   * Creates a reader of a program.
   *
   * @param policies the verdict of each base chain's policy, by the place of the chain
   * @param tester a tester of its own
   */
  FixedWalkReader(TableProgram program, Verdict[] policies, RuleTester tester) {
    this.code = program.code();
    this.starts = program.starts();
    this.policies = policies;
    this.tester = tester;
  }

  /**
   * Returns for each base chain, by its place, whether all of its walks depend on more: its first
   * rule asks for it, or that of a chain to which every packet comes first.
   */
  boolean[] alwaysOpen() {
    boolean[] open = new boolean[policies.length];
    for (int place = 0; place < open.length; place++) {
      open[place] = beginsOpen(starts[place]);
    }
    return open;
  }

  private boolean beginsOpen(int start) {
    int chain = start;
    while (code[chain + ChainCode.SIZE] > 0) {
      int rule = chain + ChainCode.RULES;
      if (code[chain + ChainCode.PLAIN] == 0 || asksForMore(rule)) {
        return true;
      }
      int action = RuleCode.action(code[rule]);
      if (!asksForNothing(rule) || (action != RuleCode.JUMP && action != RuleCode.GOTO)) {
        return action == RuleCode.TARGET && asksForNothing(rule);
      }
      chain = ChainCode.called(code, rule + RuleCode.ARGUMENT);
    }
    return false;
  }

  /** Returns whether all packets match a rule: it has no test but one that always holds. */
  private boolean asksForNothing(int rule) {
    int word = rule + RuleCode.FIRST_FIELD;
    int end = rule + code[rule + RuleCode.LENGTH];
    return (code[rule] & RuleCode.HEADER) == 0
        && (word == end || (code[word] & RuleCode.TEST_MASK) == RuleCode.ALWAYS);
  }

  /** Fills a walk in. */
  void read(FixedWalk walk, Packet packet, HookState state) {
    stack.clear();
    walk.isOpen = !follow(walk, packet, state);
    walk.matchCalls = tester.takeCalls();
  }

  private boolean follow(FixedWalk walk, Packet packet, HookState state) {
    int base = starts[walk.base()];
    int chain = base;
    int place = 0;
    int at = base + ChainCode.RULES;
    walk.entries.add(code[base + ChainCode.ENTRY]);
    while (true) {
      int action = RuleCode.RETURN;
      if (place == code[chain + ChainCode.SIZE]) {
        walk.implicitReturns += stack.isEmpty() ? 0 : 1;
      } else {
        if (place >= code[chain + ChainCode.PLAIN] || asksForMore(at)) {
          return false;
        }
        walk.rules++;
        if (tester.test(code, NO_FUNCTIONS, chain, at, place, packet, state) == RuleTester.NO) {
          at += code[at + RuleCode.LENGTH];
          place++;
          continue;
        }
        walk.matched++;
        walk.matches.add(counters(chain, place));
        action = RuleCode.action(code[at]);
      }
      if (action == RuleCode.JUMP || action == RuleCode.GOTO) {
        if (action == RuleCode.JUMP) {
          stack.push(chain);
          stack.push(place);
          stack.push(at);
        }
        walk.chainCalls++;
        chain = ChainCode.called(code, at + RuleCode.ARGUMENT);
        if (code[chain + ChainCode.ENTRY] >= 0) {
          walk.entries.add(code[chain + ChainCode.ENTRY]);
        }
        place = 0;
        at = chain + ChainCode.RULES;
        continue;
      }
      if (action == RuleCode.RETURN) {
        if (stack.isEmpty()) {
          walk.isByPolicy = true;
          walk.verdict = policies[walk.base()];
          walk.matches.add(counters(base, code[base + ChainCode.SIZE]));
          return true;
        }
        at = stack.popInt();
        place = stack.popInt();
        chain = stack.popInt();
      } else if (action != RuleCode.CONTINUE) {
        walk.verdict = RuleCode.verdict(action);
        return action != RuleCode.TARGET;
      }
      walk.goings.add(counters(chain, place));
      at += code[at + RuleCode.LENGTH];
      place++;
    }
  }

  private int counters(int chain, int rule) {
    return TableCounters.ofRule(code[chain + ChainCode.COUNTERS], rule);
  }

  /** Returns whether a rule asks for anything that packets with the same walk may differ in. */
  private boolean asksForMore(int rule) {
    int flags = code[rule];
    if ((flags & OTHER_FIELDS) != 0) {
      return true;
    }
    int word = rule + RuleCode.FIRST_FIELD;
    word += (flags & RuleCode.IN) == 0 ? 0 : 1;
    word += (flags & RuleCode.OUT) == 0 ? 0 : 1;
    int end = rule + code[rule + RuleCode.LENGTH];
    while (word < end) {
      int test = code[word] & RuleCode.TEST_MASK;
      if (test != RuleCode.ALWAYS && test != RuleCode.MARK && test != RuleCode.STATE) {
        return true;
      }
      word += RuleCode.wordsOf(code[word]);
    }
    return false;
  }
}
