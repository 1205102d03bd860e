package dev.packetpath.iptables;

import static com.google.common.base.Preconditions.checkArgument;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How many rules of a table call each chain. Refuses updates after which a rule would call a chain
 * that is not there, or a chain itself. Checking one takes time linear in the rules of the chains
 * that it changes and of those that they call.
 */
final class ChainCalls {
  private final Function<String, Optional<Chain>> chains;
  private final Object2IntOpenHashMap<String> callers = new Object2IntOpenHashMap<>();

  /**
   * Counts the calls of all chains.
   *
   * @param chains the chain of a name, as it is at the moment of the question
   */
  ChainCalls(Iterable<Chain> all, Function<String, Optional<Chain>> chains) {
    this.chains = chains;
    all.forEach(chain -> count(chain, 1, callers));
  }

  private static void count(Chain chain, int times, Object2IntOpenHashMap<String> counts) {
    for (Rule rule : chain.rules()) {
      rule.action().calledChain().ifPresent(called -> counts.addTo(called, times));
    }
  }

  /** Returns how many rules call a chain. */
  int callers(String chain) {
    return callers.getInt(chain);
  }

  /**
   * Notes an update that is about to be made.
   *
   * @throws IllegalArgumentException if it cannot be made
   */
  void update(TableUpdate update) {
    Map<String, Chain> changed = new HashMap<>();
    for (Chain chain : update.chains()) {
      checkArgument(changed.put(chain.name(), chain) == null, "chain %s given twice", chain.name());
      checkArgument(
          chains.apply(chain.name()).map(Chain::isBase).orElse(false) == chain.isBase(),
          "chain %s: a base chain must stay one, and a new one cannot be made",
          chain.name());
    }
    Object2IntOpenHashMap<String> delta = new Object2IntOpenHashMap<>();
    for (Chain chain : update.chains()) {
      chains.apply(chain.name()).ifPresent(before -> count(before, -1, delta));
      count(chain, 1, delta);
    }
    for (String name : update.deleted()) {
      Chain deleted =
          chains
              .apply(name)
              .filter(chain -> !chain.isBase() && !changed.containsKey(name))
              .orElseThrow(
                  () -> new IllegalArgumentException("cannot delete " + name + ": no user chain"));
      count(deleted, -1, delta);
    }
    for (String name : update.deleted()) {
      int calls = callers.getInt(name) + delta.getInt(name);
      checkArgument(calls == 0, "cannot delete %s: %s rules call it", name, calls);
    }
    Set<String> checked = new HashSet<>();
    for (Chain chain : update.chains()) {
      checkCalls(chain, update, changed, checked, new ArrayDeque<>());
    }
    delta.forEach(callers::addTo);
  }

  /** Follows the calls; jumps nest as deep as the kernel's stack of chains at most. */
  private void checkCalls(
      Chain chain,
      TableUpdate update,
      Map<String, Chain> changed,
      Set<String> checked,
      Deque<String> path) {
    checkArgument(!path.contains(chain.name()), "chain %s calls itself", chain.name());
    if (!checked.add(chain.name())) {
      return;
    }
    path.push(chain.name());
    for (Rule rule : chain.rules()) {
      Optional<String> called = rule.action().calledChain();
      if (called.isPresent()) {
        Chain next =
            Optional.ofNullable(changed.get(called.get()))
                .or(() -> chains.apply(called.get()))
                .filter(found -> !update.deleted().contains(found.name()))
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "no chain " + called.get() + " in table " + update.table()));
        checkCalls(next, update, changed, checked, path);
      }
    }
    path.pop();
  }
}
