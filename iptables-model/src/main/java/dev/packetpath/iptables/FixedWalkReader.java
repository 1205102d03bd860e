package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Device;
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
   * Returns for each base chain, by its place, how all of its walks begin: with first rules that
   * call the next chain whatever the packet is. Those of user chains between base chains are read
   * too, and not used.
   */
  FixedWalk[] beginnings() {
    FixedWalk[] beginnings = new FixedWalk[policies.length];
    for (int place = 0; place < beginnings.length; place++) {
      beginnings[place] = new FixedWalk(place, 0, 0, Device.NONE, Device.NONE);
      readBeginning(beginnings[place]);
    }
    return beginnings;
  }

  private void readBeginning(FixedWalk walk) {
    walk.isOpen = true;
    int chain = starts[walk.base()];
    walk.entries.add(code[chain + ChainCode.ENTRY]);
    while (callsFirst(chain)) {
      int rule = chain + ChainCode.RULES;
      walk.rules++;
      walk.matchCalls += callsOf(rule);
      walk.matched++;
      walk.matches.add(counters(chain, 0));
      if (RuleCode.action(code[rule]) == RuleCode.JUMP) {
        walk.callers.push(chain);
      }
      chain = call(walk, rule);
    }
    walk.chain = chain;
  }

  /** Returns whether the first rule of a chain calls another for all packets. */
  private boolean callsFirst(int chain) {
    int rule = chain + ChainCode.RULES;
    return code[chain + ChainCode.PLAIN] > 0 && asksForNothing(rule) && calls(code[rule]);
  }

  private static boolean calls(int flags) {
    int action = RuleCode.action(flags);
    return action == RuleCode.JUMP || action == RuleCode.GOTO;
  }

  /** Returns the match calls of a rule that asks for nothing. */
  private int callsOf(int rule) {
    boolean any = code[rule + RuleCode.LENGTH] > RuleCode.FIRST_FIELD;
    return any ? 1 + (code[rule + RuleCode.FIRST_FIELD] >>> RuleCode.ALWAYS_SHIFT) : 0;
  }

  /** Enters the chain that a rule calls. */
  private int call(FixedWalk walk, int rule) {
    walk.chainCalls++;
    int chain = ChainCode.called(code, rule + RuleCode.ARGUMENT);
    if (code[chain + ChainCode.ENTRY] >= 0) {
      walk.entries.add(code[chain + ChainCode.ENTRY]);
    }
    return chain;
  }

  /**
   * Returns whether all walks that begin like this one depend on more: the next rule asks for it.
   */
  boolean isAlwaysOpen(FixedWalk beginning) {
    int rule = beginning.chain + ChainCode.RULES;
    return code[beginning.chain + ChainCode.SIZE] > 0
        && (code[beginning.chain + ChainCode.PLAIN] == 0
            || asksForMore(rule)
            || (RuleCode.action(code[rule]) == RuleCode.TARGET && asksForNothing(rule)));
  }

  /**
   * Returns whether all packets match a rule: it has no test but such as always hold, of one word.
   */
  private boolean asksForNothing(int rule) {
    int word = rule + RuleCode.FIRST_FIELD;
    int end = rule + code[rule + RuleCode.LENGTH];
    return (code[rule] & RuleCode.HEADER) == 0
        && (word == end
            || (word + 1 == end && (code[word] & RuleCode.TEST_MASK) == RuleCode.ALWAYS));
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
        chain = call(walk, at);
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
