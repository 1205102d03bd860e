package dev.packetpath.iptables;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.packet.Packet;
import java.util.List;
import java.util.Optional;

/**
 * A table in a host: a program that may be shared, and what this host counted. Made by {@link
 * Iptables}; belongs to the host's thread.
 */
public final class LoadedTable {
  private final TableWalker walker;
  private final LoadContext context;
  private TableProgram program;

  /** The calls of the program, which is then this table's own; empty before its first update. */
  private Optional<ChainCalls> calls = Optional.empty();

  /** How many walks are under way: a target may send a packet that walks the table too. */
  private int walks;

  LoadedTable(TableProgram program, LoadContext context, Walk walk) {
    this.program = program;
    this.context = context;
    this.walker =
        switch (walk) {
          case COMPILED -> new CompiledWalker(program, context);
          case REFERENCE -> new ReferenceWalker(program, context);
        };
  }

  /** Returns which table this is. */
  public TableName name() {
    return program.name();
  }

  /** Returns the number of rules evaluated in this table since it was loaded. */
  public long rulesEvaluated() {
    return walker.counts().rulesEvaluated();
  }

  Verdict walk(int base, Packet packet, HookState state) {
    walks++;
    try {
      return walker.walk(base, packet, state);
    } finally {
      walks--;
    }
  }

  void lookAhead(int base, List<Packet> burst, int from, int end) {
    walker.lookAhead(base, burst, from, end);
  }

  /** See {@link TableWalker#chainsReadAhead}. */
  long chainsReadAhead() {
    return walker.chainsReadAhead();
  }

  Optional<PathEffect> effectOn(int base, Packet packet, HookState state) {
    return walker.effectOn(base, packet, state);
  }

  int baseChain(Hook hook) {
    return program.chain(hook.name());
  }

  /**
   * Replaces, adds and deletes chains. The first update takes time linear in the table; those that
   * follow, in the rules of the chains that they change, but for one now and then that does away
   * with what replaced chains left. What rules of other chains remember stays.
   *
   * @throws IllegalArgumentException if a rule would call a chain that is not there, or itself
   * @throws LoadException if a rule cannot be loaded; nothing has changed then
   * @throws IllegalStateException if a packet is walking the table
   */
  void update(TableUpdate update) {
    checkState(walks == 0, "table %s is updated by who is called during a walk of it", name());
    TableFunctions made = TableFunctions.of(update.chains(), context);
    if (calls.isEmpty()) {
      ChainCalls all = new ChainCalls(program.chains(), chain -> program.find(chain));
      all.update(update);
      calls = Optional.of(all);
      program = program.copy();
    } else {
      calls.get().update(update);
    }
    walker.update(program, program.update(update, calls.get()::callers), made);
    if (program.isMostlyUnused()) {
      compact();
    }
  }

  /** Does away with what replaced chains left; takes time linear in the table. */
  void compact() {
    program = program.compacted();
    walker.compact(program);
  }

  /** Returns the table as written, with the counters of this moment. */
  public Table snapshot() {
    TableCounts counts = walker.counts();
    ImmutableList.Builder<Chain> chains = ImmutableList.builder();
    for (Chain chain : program.written().chains()) {
      int place = program.chain(chain.name());
      ImmutableList.Builder<Rule> rules =
          ImmutableList.builderWithExpectedSize(chain.rules().size());
      for (int i = 0; i < chain.rules().size(); i++) {
        Rule rule = chain.rules().get(i);
        Counters counters = rule.counters().plus(counts.matched(place, i));
        rules.add(rule.withCounters(counters));
      }
      Counters policyCounters = chain.policyCounters().plus(counts.policy(place));
      chains.add(new Chain(chain.name(), chain.policy(), policyCounters, rules.build()));
    }
    return new Table(name(), chains.build());
  }

  /**
   * Returns how often each rule of a chain was evaluated since the table was loaded; takes time
   * linear in its rules.
   */
  public long[] evaluated(String chain) {
    return walker.counts().evaluated(program.chain(chain));
  }

  /**
   * Returns how often a rule was evaluated since the table was loaded; for all rules of a long
   * chain, ask {@link #evaluated(String)} once.
   *
   * @param chain the name of its chain
   * @param index its place, from 1
   */
  public long evaluated(String chain, int index) {
    return evaluated(chain)[index - 1];
  }

  /**
   * Returns what a rule counted since the table was loaded.
   *
   * @param chain the name of its chain
   * @param index its place, from 1
   */
  public Counters counted(String chain, int index) {
    return walker.counts().matched(program.chain(chain), index - 1);
  }

  /** Returns what the policy of a base chain counted since the table was loaded. */
  public Counters policyCounted(String chain) {
    return walker.counts().policy(program.chain(chain));
  }

  /** Returns how often a walk went past the last rule of a chain since the table was loaded. */
  public long endReached(String chain) {
    return walker.counts().endReached(program.chain(chain));
  }

  void addCounters(LoadedTable other) {
    checkArgument(
        other.program == program, "counters of another program of table %s", other.name());
    walker.addCounters(other.walker);
  }
}
