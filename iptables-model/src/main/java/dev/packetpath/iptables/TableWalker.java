package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.packet.Packet;
import java.util.Optional;

/**
 * Walks the rules of one table in one host and counts. Chains and rules go by their places, from 0;
 * all counts are since the table was loaded.
 */
sealed interface TableWalker permits ReferenceWalker, CompiledWalker {
  /** Walks a base chain and returns the verdict. */
  Verdict walk(int base, Packet packet, HookState state);

  /** Returns what a walk does, see {@link dev.packetpath.core.UniformFunction#effectOn}. */
  Optional<PathEffect> effectOn(int base, Packet packet, HookState state);

  /** Returns the number of rules evaluated by all walks. */
  long rulesEvaluated();

  /** Returns what a rule counted. */
  Counters matched(int chain, int rule);

  /** Returns for each rule of a chain how often it was evaluated. */
  long[] evaluated(int chain);

  /** Returns what the policy of a base chain counted. */
  Counters policy(int chain);

  /** Returns how often a walk went past the last rule of a chain. */
  long endReached(int chain);

  /**
   * Goes on with a program that was updated.
   *
   * @param change what was updated
   * @param made the functions of the rules of its chains
   */
  void update(TableProgram updated, ProgramUpdate change, TableFunctions made);

  /** Goes on with a compacted form of its program, see {@link TableProgram#compacted}. */
  void compact(TableProgram compacted);

  /** Adds what another walker of the same program and kind counted. */
  void addCounters(TableWalker other);
}
