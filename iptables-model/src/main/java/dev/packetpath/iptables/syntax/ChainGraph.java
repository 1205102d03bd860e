package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.core.Hook;
import java.util.Arrays;
import java.util.List;
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

  private final TableDraft table;

  /** The numbers of the chains that each chain's rules call, one chain's behind the other's. */
  private int[] calls = new int[64];

  private int callCount;

  /** Where in {@link #calls} those of a chain start, and end. */
  private final int[] firstCall;

  private final int[] endOfCalls;

  /** For each chain one bit a hook. */
  private final byte[] hooks;

  /** The chains that are being followed, and for each the place in {@link #calls} to go on at. */
  private final int[] path;

  private final int[] next;
  private final boolean[] onPath;
  private int depth;

  ChainGraph(TableDraft table) {
    this.table = table;
    int chains = table.numbers();
    this.firstCall = new int[chains];
    this.endOfCalls = new int[chains];
    this.hooks = new byte[chains];
    this.onPath = new boolean[chains];
    this.path = new int[chains];
    this.next = new int[chains];
    for (ChainDraft chain : table.chains()) {
      firstCall[chain.number()] = callCount;
      addCalls(chain);
      endOfCalls[chain.number()] = callCount;
    }
  }

  private void addCalls(ChainDraft chain) {
    List<DraftRule> rules = chain.rules();
    for (int i = 0; i < rules.size(); i++) {
      DraftRule rule = rules.get(i);
      if (rule.endsChain()) {
        break;
      }
      if (rule.calledNumber() != DraftRule.NO_CHAIN) {
        if (callCount == calls.length) {
          calls = Arrays.copyOf(calls, 2 * callCount);
        }
        calls[callCount++] = rule.calledNumber();
      }
    }
  }

  /**
   * Notes in all chains that a base chain leads to that its hook reaches them; returns the first
   * rule found that leads back to a chain it came from, null if there is none.
   */
  @Nullable DraftRule reach(ChainDraft base, Hook hook) {
    enter(base.number(), hook);
    while (depth > 0) {
      int chain = path[depth - 1];
      int call = next[depth - 1]++;
      if (call == endOfCalls[chain]) {
        depth--;
        onPath[chain] = false;
      } else if (onPath[calls[call]]) {
        return ruleThatCalls(chain, calls[call]);
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

  private DraftRule ruleThatCalls(int caller, int called) {
    return table.chains().stream()
        .filter(chain -> chain.number() == caller)
        .flatMap(chain -> chain.rules().stream())
        .filter(rule -> rule.calledNumber() == called)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no rule calls chain " + called));
  }

  private static ImmutableSet<Hook> setOf(int bits) {
    return Stream.of(Hook.values())
        .filter(hook -> (bits & 1 << hook.ordinal()) != 0)
        .collect(Sets.toImmutableEnumSet());
  }

  /** Returns the hooks that were found to reach a chain. */
  ImmutableSet<Hook> hooks(ChainDraft chain) {
    return SETS.get(hooks[chain.number()]);
  }
}
