package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.core.Hook;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which chain of a table leads to which, by the chains' numbers, and the hooks that reach each.
 *
 * <p>Flat arrays, for a table may have 100,000 chains: following the drafts themselves, in the
 * order of the calls, took a third of the time in which such a table was read.
 */
final class ChainGraph {
  /** The sets of hooks by their bits. */
  private static final ImmutableList<ImmutableSet<Hook>> SETS =
      IntStream.range(0, 1 << Hook.values().length)
          .mapToObj(ChainGraph::setOf)
          .collect(ImmutableList.toImmutableList());

  /** The numbers of the chains that each chain's rules call, one chain's behind the other's. */
  private final int[] calls;

  /** For each chain where its calls start; they end where those of the next one start. */
  private final int[] firstCall;

  /** For each chain one bit a hook. */
  private final byte[] hooks;

  /** The chains that are being followed, and for each the place in {@link #calls} to go on at. */
  private final int[] path;

  private final int[] next;
  private final boolean[] onPath;
  private int depth;

  /**
   * Creates the graph of a table.
   *
   * @param chains a number above that of every chain
   * @param log the calls of rules that can be reached
   */
  ChainGraph(int chains, CallLog log) {
    this.calls = new int[log.size()];
    this.firstCall = new int[chains + 1];
    this.hooks = new byte[chains];
    this.onPath = new boolean[chains];
    this.path = new int[chains];
    this.next = new int[chains];
    sort(log);
  }

  /** Sorts the calls by caller; those of one stay in order. */
  private void sort(CallLog log) {
    for (int i = 0; i < log.size(); i++) {
      firstCall[log.caller(i) + 1]++;
    }
    for (int i = 1; i < firstCall.length; i++) {
      firstCall[i] += firstCall[i - 1];
    }
    int[] ends = firstCall.clone();
    for (int i = 0; i < log.size(); i++) {
      calls[ends[log.caller(i)]++] = log.called(i);
    }
  }

  /** A call, by the numbers of both chains. */
  record Call(int caller, int called) {}

  /**
   * Notes in all chains that a base chain leads to that its hook reaches them; returns the first
   * call found that leads back to a chain it came from, null if there is none.
   */
  @Nullable Call reach(int base, Hook hook) {
    enter(base, hook);
    while (depth > 0) {
      int chain = path[depth - 1];
      int call = next[depth - 1]++;
      if (call == firstCall[chain + 1]) {
        depth--;
        onPath[chain] = false;
      } else if (onPath[calls[call]]) {
        return new Call(chain, calls[call]);
      } else {
        enter(calls[call], hook);
      }
    }
    return null;
  }

  private void enter(int chain, Hook hook) {
    int bit = 1 << hook.ordinal();
    if ((hooks[chain] & bit) == 0) {
      hooks[chain] |= (byte) bit;
      onPath[chain] = true;
      path[depth] = chain;
      next[depth++] = firstCall[chain];
    }
  }

  private static ImmutableSet<Hook> setOf(int bits) {
    return Stream.of(Hook.values())
        .filter(hook -> (bits & 1 << hook.ordinal()) != 0)
        .collect(Sets.toImmutableEnumSet());
  }

  /** Returns the hooks that were found to reach a chain. */
  ImmutableSet<Hook> hooks(int chain) {
    return SETS.get(hooks[chain]);
  }
}
