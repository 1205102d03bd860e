package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.packet.Packet;
import java.util.List;

/**
 * Finds the rules of a chain that need to be evaluated for a packet. A rule that is passed over is
 * one whose header does not hold, or one that fails after a number of match calls that is known.
 *
 * <p>Immutable; where a walk stands is kept in {@link IndexCursors}. What an index looks at
 * (addresses, ports, protocol, fragment offset, devices) no target changes while it lets the walk
 * go on.
 */
sealed interface ChainIndex permits ChainIndex.None, TupleIndex {
  /** The index of a chain that is walked rule by rule. */
  ChainIndex NONE = new None();

  /** The answer of {@link #sure} where a walk has to be started to find the first rule. */
  int NOT_SURE = -1;

  /**
   * Returns the first rule to evaluate if it is known to match and no rule before it costs a match
   * call, and puts its match calls into the cursors; starts no walk. Returns {@link #NOT_SURE} if
   * that takes a walk to know, whatever is left in the cursors then. Most new connections to a
   * Service find it so, in a chain of Services: 115 instead of 315 instructions.
   *
   * @param packet one whose protocol can be found
   */
  int sure(IndexCursors cursors, Packet packet);

  /**
   * Writes down what is found for some packets of a burst, as {@link #sure} will ask; for none if
   * that takes a walk to know.
   */
  void lookAhead(List<Packet> burst, int from, int end, FoundAhead ahead);

  /**
   * Returns the only rule of what was found ahead, which will most likely be evaluated first;
   * {@link #NOT_SURE} if there is not one.
   */
  int only(long found);

  /**
   * Starts a walk and returns where its words are. The first rule to evaluate is in {@link
   * IndexCursors#first} then, and what is known of it in {@link IndexCursors#matchCalls}.
   */
  int start(IndexCursors cursors, Packet packet, HookState state, DeviceViews devices);

  /**
   * Returns the next rule to evaluate at or behind a place, or the size of the chain; what is known
   * of the rule is in {@link IndexCursors#matchCalls} then.
   */
  int next(IndexCursors cursors, int walk, int from);

  /** Returns where a rule's code starts, from the start of its chain; 0 behind the last rule. */
  int start(int place);

  /**
   * Returns where it is written what a rule of the index does ({@link OutcomeCode}), from the start
   * of its chain.
   */
  int outcome(int place);

  /** Returns the match calls of the rules before a place that were passed over. */
  int callsPassedOver(IndexCursors cursors, int walk, int end);

  /** No index. */
  record None() implements ChainIndex {
    @Override
    public int sure(IndexCursors cursors, Packet packet) {
      throw new IllegalStateException("a chain without an index");
    }

    @Override
    public void lookAhead(List<Packet> burst, int from, int end, FoundAhead ahead) {
      throw new IllegalStateException("a chain without an index");
    }

    @Override
    public int only(long found) {
      throw new IllegalStateException("a chain without an index");
    }

    @Override
    public int start(IndexCursors cursors, Packet packet, HookState state, DeviceViews devices) {
      throw new IllegalStateException("a chain without an index");
    }

    @Override
    public int next(IndexCursors cursors, int walk, int from) {
      throw new IllegalStateException("a chain without an index");
    }

    @Override
    public int start(int place) {
      throw new IllegalStateException("a chain without an index");
    }

    @Override
    public int outcome(int place) {
      throw new IllegalStateException("a chain without an index");
    }

    @Override
    public int callsPassedOver(IndexCursors cursors, int walk, int end) {
      throw new IllegalStateException("a chain without an index");
    }
  }
}
