package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.packet.Packet;

/**
 * Walks the way of most new connections: in a chain of Services the index finds the jump to the
 * only one, there the first rules are not about the packet, and the one that is chosen sends it.
 * {@link CompiledWalker} would do the same in its loop, which took 350 instructions more, for it
 * has more to keep at hand; it goes on from where another way begins. So {@link #sends} is one
 * method of more than 325 bytes (HotSpot's FreqInlineSize), which is compiled by itself: with 324
 * it was not, and in four turns a connection took 334 to 358 instead of 322 to 337 ns. What this
 * tells holds until the next walk of the table begins, so it is read before a target runs.
 *
 * <p>Hot: {@link #sends}, which does not allocate. Belongs to one thread.
 */
final class ServiceWalk {
  /** The jump where no chain was entered. */
  static final int NO_JUMP = -1;

  /** The number of the choice where none was made. */
  static final int NOT_CHOSEN = -1;

  private static final int NO_CHAIN = -1;

  private final int[] code;
  private final ChainIndex[] indexes;
  private final DeviceViews devices;
  private final RuleTester tester;
  private final EndpointWalk endpoints;
  private final IndexCursors cursors;
  private final ChainVisits visits;
  private final TableCounters counters;
  private final WalkTally tally;

  // The chain that was walked first the last time, as mostly the next, and what was found of it.
  private int first = NO_CHAIN;
  private ChainIndex index = ChainIndex.NONE;
  private int rules;

  private int walk = IndexCursors.NOT_STARTED;
  private int jump = NO_JUMP;
  private int service;
  private int chosen = NOT_CHOSEN;
  private Verdict verdict = Verdict.ACCEPT;

  /** Creates the walk of a program. */
  ServiceWalk(
      TableProgram program,
      DeviceViews devices,
      RuleTester tester,
      EndpointWalk endpoints,
      IndexCursors cursors,
      ChainVisits visits,
      TableCounters counters,
      WalkTally tally) {
    this.code = program.code();
    this.indexes = program.indexes();
    this.devices = devices;
    this.tester = tester;
    this.endpoints = endpoints;
    this.cursors = cursors;
    this.visits = visits;
    this.counters = counters;
    this.tally = tally;
  }

  /** Forgets how far the last walk came. */
  void begin() {
    walk = IndexCursors.NOT_STARTED;
    jump = NO_JUMP;
    chosen = NOT_CHOSEN;
  }

  /**
   * Returns whether a packet is sent to an endpoint, with {@link #verdict}. If not, {@link #walk},
   * {@link #jump}, {@link #service} and {@link #chosen} tell how far it came.
   *
   * @param chain where the chain starts that is walked first
   */
  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  boolean sends(int chain, Packet packet, HookState state) {
    begin();
    if (chain != first) {
      lookAt(chain);
    }
    ChainIndex index = this.index;
    if (index == ChainIndex.NONE || packet.lacksProtocol()) {
      return false;
    }
    int found = index.sure(cursors, packet);
    if (found == ChainIndex.NOT_SURE) {
      walk = index.start(cursors, packet, state, devices);
      found = cursors.first;
    }
    int outcome = chain + index.outcome(found);
    if (cursors.matchCalls == IndexCursors.TO_BE_TESTED
        || OutcomeCode.action(code[outcome]) != RuleCode.JUMP) {
      return false;
    }
    tally.matchCalls += cursors.matchCalls;
    tally.matched++;
    counters.matched(rules, found, packet.length());
    int called = visits.enter(outcome);
    jump = found;
    service = called;
    int plain = code[called + ChainCode.PLAIN];
    int rule = called + ChainCode.RULES;
    for (int left = plain; left > 0; left--) {
      if (!tester.fails(code, rule, packet, state)) {
        return false;
      }
      rule += code[rule + RuleCode.LENGTH];
    }
    if (code[called + ChainCode.CHOICES] == 0) {
      return false;
    }
    chosen = endpoints.choose(called, rule);
    if (chosen == ChoiceCode.size(code[rule]) || !endpoints.sends(rule, chosen, packet)) {
      return false;
    }
    visits.endAtRule(chain, found, walk);
    verdict = endpoints.take(called, plain + chosen, rule, chosen, packet);
    return true;
  }

  private void lookAt(int chain) {
    boolean begins = ChainCode.beginsWithIndex(code, chain);
    index = begins ? indexes[code[chain + ChainCode.PLACE]] : ChainIndex.NONE;
    rules = code[chain + ChainCode.COUNTERS];
    first = chain;
  }

  /** Returns what became of the packet that was sent. */
  Verdict verdict() {
    return verdict;
  }

  /** Returns the walk of the first chain's index, {@link IndexCursors#NOT_STARTED} for none. */
  int walk() {
    return walk;
  }

  /** Returns the rule of the first chain that was taken, {@link #NO_JUMP} for none. */
  int jump() {
    return jump;
  }

  /** Returns where the chain starts that was entered by the jump, if there was one. */
  int service() {
    return service;
  }

  /** Returns the choice that was made there, {@link #NOT_CHOSEN} for none. */
  int chosen() {
    return chosen;
  }
}
