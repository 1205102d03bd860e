package dev.packetpath.node.explore;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The runs of an experiment as a tree of questions, with the questions taken out that make no
 * difference.
 *
 * @param <T> what the experiment returns
 */
final class OutcomeTree<T> {
  private final Function<? super T, ?> signature;
  private final Map<Object, T> bySignature = new HashMap<>();
  private final Map<Key, Probability> found = new LinkedHashMap<>();

  /**
   * Creates the tree.
   *
   * @param runs in the order of a search depth first, yes before no; with no result if left out
   */
  OutcomeTree(Function<? super T, ?> signature, List<Run<T>> runs) {
    this.signature = signature;
    collect(reduce(runs, 0), ImmutableMap.of(), Probability.ONE);
  }

  /**
   * One run.
   *
   * @param answers what it was told
   * @param result what came out; empty if it was not run
   */
  record Run<T>(ImmutableList<Answer> answers, Optional<T> result) {}

  private record Key(ImmutableMap<String, Boolean> conditions, Optional<Object> signature) {}

  /** A subtree without needless questions; equal subtrees say the same. */
  private sealed interface Tree {
    record Leaf(Optional<Object> signature) implements Tree {}

    /** Different subtrees, none of which is a mix, and how likely each is. */
    record Mix(ImmutableMap<Tree, Probability> shares) implements Tree {}

    record Fork(String question, Tree yes, Tree no) implements Tree {}
  }

  private Tree reduce(List<Run<T>> runs, int depth) {
    Run<T> first = runs.get(0);
    if (first.answers().size() == depth) {
      return new Tree.Leaf(first.result().map(this::remember));
    }
    int firstNo = 0;
    while (firstNo < runs.size() && runs.get(firstNo).answers().get(depth).yes()) {
      firstNo++;
    }
    Tree yes = reduce(runs.subList(0, firstNo), depth + 1);
    Tree no = reduce(runs.subList(firstNo, runs.size()), depth + 1);
    Answer answer = first.answers().get(depth);
    if (answer instanceof Answer.Guess guess) {
      return yes.equals(no) ? yes : new Tree.Fork(guess.question(), yes, no);
    }
    Probability ofYes = ((Answer.Chance) answer).ofYes();
    Map<Tree, Probability> shares = new LinkedHashMap<>();
    mixIn(shares, yes, ofYes);
    mixIn(shares, no, ofYes.complement());
    return shares.size() == 1 ? yes : new Tree.Mix(ImmutableMap.copyOf(shares));
  }

  private static void mixIn(Map<Tree, Probability> shares, Tree part, Probability share) {
    if (part instanceof Tree.Mix mix) {
      mix.shares().forEach((tree, of) -> shares.merge(tree, of.times(share), Probability::plus));
    } else {
      shares.merge(part, share, Probability::plus);
    }
  }

  private Object remember(T result) {
    Object key = signature.apply(result);
    bySignature.putIfAbsent(key, result);
    return key;
  }

  private void collect(Tree tree, ImmutableMap<String, Boolean> conditions, Probability share) {
    if (tree instanceof Tree.Leaf leaf) {
      found.merge(new Key(conditions, leaf.signature()), share, Probability::plus);
    } else if (tree instanceof Tree.Mix mix) {
      mix.shares().forEach((part, of) -> collect(part, conditions, share.times(of)));
    } else if (tree instanceof Tree.Fork fork) {
      collect(fork.yes(), with(conditions, fork.question(), true), share);
      collect(fork.no(), with(conditions, fork.question(), false), share);
    }
  }

  private static ImmutableMap<String, Boolean> with(
      ImmutableMap<String, Boolean> conditions, String question, boolean answer) {
    return ImmutableMap.<String, Boolean>builder()
        .putAll(conditions)
        .put(question, answer)
        .buildKeepingLast();
  }

  ImmutableList<Outcome<T>> outcomes() {
    List<Outcome<T>> outcomes = new ArrayList<>();
    found.forEach(
        (key, probability) ->
            key.signature()
                .flatMap(of -> Optional.ofNullable(bySignature.get(of)))
                .ifPresent(
                    result -> outcomes.add(new Outcome<>(key.conditions(), probability, result))));
    return ImmutableList.copyOf(outcomes);
  }

  ImmutableList<Exploration.LeftOut> leftOut() {
    List<Exploration.LeftOut> leftOut = new ArrayList<>();
    found.forEach(
        (key, probability) -> {
          if (key.signature().isEmpty()) {
            leftOut.add(new Exploration.LeftOut(key.conditions(), probability));
          }
        });
    return ImmutableList.copyOf(leftOut);
  }
}
