package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.packet.Packet;
import java.util.List;
import java.util.Optional;

/** Walks the rules of one table in one host and counts. Chains go by their places, from 0. */
sealed interface TableWalker permits ReferenceWalker, CompiledWalker {
  /** Walks a base chain and returns the verdict. */
  Verdict walk(int base, Packet packet, HookState state);

  /**
   * Reads what walks of some packets will, see {@link dev.packetpath.core.HookFunction#lookAhead}.
   */
  void lookAhead(int base, List<Packet> burst, int from, int end);

  /** Returns of how many called chains that read the beginning, of the program as it is now. */
  long chainsReadAhead();

  /** Returns what a walk does, see {@link dev.packetpath.core.UniformFunction#effectOn}. */
  Optional<PathEffect> effectOn(int base, Packet packet, HookState state);

  /** Returns what the walks counted; to be asked for again after an update. */
  TableCounts counts();

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
