package dev.packetpath.iptables;

import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Device;
import it.unimi.dsi.fastutil.ints.IntArrayList;

/**
 * The walk of all packets alike in what the rules on their way ask for: the states of the
 * connection, the mark and the devices. Such packets are counted here, and the counters of the
 * rules on their way when somebody reads them. Or how all walks from a base chain begin: it is open
 * then, and {@link #chain} and {@link #callers} tell where these go on. Belongs to one thread.
 */
final class FixedWalk {
  private final int base;
  private final int states;
  private final int mark;
  private final Device in;
  private final Device out;

  /**
   * What is counted for each packet: a walk that enters, rules and policies, rules gone on from.
   */
  final IntArrayList entries = new IntArrayList();

  final IntArrayList matches = new IntArrayList();
  final IntArrayList goings = new IntArrayList();

  /** Whether rules on the way ask for something else, so that each packet must be walked. */
  boolean isOpen;

  Verdict verdict = Verdict.ACCEPT;
  boolean isByPolicy;
  int rules;
  long matchCalls;
  int matched;
  int chainCalls;
  int implicitReturns;

  /** Of a beginning: where the chain starts that it leads to. */
  int chain;

  /**
   * Of a beginning: where the chains start that go on behind their first rule when the next one
   * returns, outermost first.
   */
  final IntArrayList callers = new IntArrayList();

  private long packets;
  private long bytes;

  FixedWalk(int base, int states, int mark, Device in, Device out) {
    this.base = base;
    this.states = states;
    this.mark = mark;
    this.in = in;
    this.out = out;
  }

  /** Returns the place of the base chain. */
  int base() {
    return base;
  }

  /** Returns whether packets with these properties take this walk. */
  @SuppressWarnings("ReferenceEquality") // an equal device that is another object reads a new walk
  boolean isOf(int otherBase, int otherStates, int otherMark, Device otherIn, Device otherOut) {
    return base == otherBase
        && states == otherStates
        && mark == otherMark
        && in == otherIn
        && out == otherOut;
  }

  /** Returns whether the same becomes of all packets that take this walk: they go on. */
  boolean passes() {
    return !isOpen && verdict == Verdict.ACCEPT;
  }

  /** Counts packets that take this walk; returns whether they are the first since {@link #tell}. */
  boolean take(long morePackets, long moreBytes) {
    boolean first = packets == 0;
    packets += morePackets;
    bytes += moreBytes;
    return first;
  }

  /** Lets the counters of the rules and the tally know of the packets since this was asked last. */
  void tell(TableCounters counters, WalkTally tally) {
    tally.rulesEvaluated += packets * rules;
    tally.matchCalls += packets * matchCalls;
    tally.matched += packets * matched;
    tally.chainCalls += packets * chainCalls;
    tally.implicitReturns += packets * implicitReturns;
    tally.policies += isByPolicy ? packets : 0;
    for (int i = 0; i < entries.size(); i++) {
      counters.entered(entries.getInt(i), packets);
    }
    for (int i = 0; i < matches.size(); i++) {
      counters.matched(matches.getInt(i), packets, bytes);
    }
    for (int i = 0; i < goings.size(); i++) {
      counters.wentOn(goings.getInt(i), packets);
    }
    packets = 0;
    bytes = 0;
  }
}
