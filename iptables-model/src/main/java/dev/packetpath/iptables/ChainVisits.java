package dev.packetpath.iptables;

/**
 * Counts what entering a chain and leaving it takes, and gives back the cursors of a chain that is
 * left. Belongs to one thread.
 */
final class ChainVisits {
  private final int[] code;
  private final ChainIndex[] indexes;
  private final IndexCursors cursors;
  private final TableCounters counters;
  private final WalkTally tally;

  /**
   * Creates the visits to the chains of a program.
   *
   * @param code the code of the program
   */
  ChainVisits(
      int[] code,
      ChainIndex[] indexes,
      IndexCursors cursors,
      TableCounters counters,
      WalkTally tally) {
    this.code = code;
    this.indexes = indexes;
    this.cursors = cursors;
    this.counters = counters;
    this.tally = tally;
  }

  /** Enters the chain that a rule calls; returns where it starts. */
  int enter(int argument) {
    tally.chainCalls++;
    int chain = ChainCode.called(code, argument);
    if (code[chain + ChainCode.ENTRY] >= 0) {
      counters.entered(code[chain + ChainCode.ENTRY]);
    }
    return chain;
  }

  /** Notes that the walk of a chain ended at a rule, the last that was evaluated. */
  void endAtRule(int chain, int place, int walk) {
    tally.rulesEvaluated++;
    end(chain, place, walk);
  }

  /**
   * Notes that a chain was left, all rules before a place having been evaluated.
   *
   * @param walk the walk of the chain's index, {@link IndexCursors#NOT_STARTED} for none
   */
  void end(int chain, int place, int walk) {
    tally.rulesEvaluated += place;
    if (walk != IndexCursors.NOT_STARTED) {
      ChainIndex index = indexes[code[chain + ChainCode.PLACE]];
      tally.matchCalls += index.callsPassedOver(cursors, walk, place);
      cursors.top = walk;
    }
  }
}
