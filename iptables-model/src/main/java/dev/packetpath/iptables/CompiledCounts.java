package dev.packetpath.iptables;

import java.util.Arrays;

/** Reads what a {@link CompiledWalker} counted, after it was told of the walks that are known. */
final class CompiledCounts implements TableCounts {
  private final TableProgram program;
  private final TableCounters counters;
  private final FixedWalks fixed;
  private final WalkTally tally;

  CompiledCounts(TableProgram program, TableCounters counters, FixedWalks fixed, WalkTally tally) {
    this.program = program;
    this.counters = counters;
    this.fixed = fixed;
    this.tally = tally;
  }

  @Override
  public long rulesEvaluated() {
    fixed.tell();
    return tally.rulesEvaluated;
  }

  @Override
  public Counters matched(int chain, int rule) {
    fixed.tell();
    return counters.of(word(chain, ChainCode.COUNTERS), rule, word(chain, ChainCode.ENTRY));
  }

  @Override
  public long[] evaluated(int chain) {
    return Arrays.copyOf(evaluatedAndEnd(chain), word(chain, ChainCode.SIZE));
  }

  @Override
  public Counters policy(int chain) {
    return program.chains().get(chain).isBase()
        ? matched(chain, word(chain, ChainCode.SIZE))
        : Counters.ZERO;
  }

  @Override
  public long endReached(int chain) {
    return evaluatedAndEnd(chain)[word(chain, ChainCode.SIZE)];
  }

  private long[] evaluatedAndEnd(int chain) {
    fixed.tell();
    return counters.evaluated(
        word(chain, ChainCode.COUNTERS), word(chain, ChainCode.SIZE), word(chain, ChainCode.ENTRY));
  }

  private int word(int chain, int field) {
    return program.code()[program.starts()[chain] + field];
  }
}
