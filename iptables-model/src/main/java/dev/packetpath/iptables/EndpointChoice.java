package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A rule that calls the chain of an endpoint, always or if a draw says so.
 *
 * @param threshold of the draw, {@link ChoiceCode#NO_DRAW} if it always calls
 * @param calls the match calls of the rule
 * @param chain the name of the chain
 * @param endpoint what it does
 */
record EndpointChoice(int threshold, int calls, String chain, EndpointChain endpoint) {
  /**
   * The rules of a chain that follow one another and choose an endpoint, as kube-proxy writes them
   * for a Service: rules that draw, with as many match calls each, and perhaps one that does not.
   * The endpoints differ in nothing but their addresses.
   *
   * @param first the place of the first rule
   * @param choices what they choose from; empty if there is no such rule
   */
  record Run(int first, ImmutableList<EndpointChoice> choices) {
    /** Finds the first run of a chain. */
    static Run of(Chain chain, Function<String, Chain> chains) {
      List<Rule> rules = chain.rules();
      List<EndpointChoice> choices = new ArrayList<>();
      int place = 0;
      for (; place < rules.size(); place++) {
        Optional<EndpointChoice> choice = EndpointChoice.of(rules.get(place), chains);
        if (choice.isPresent() && choice.get().follows(choices)) {
          choices.add(choice.get());
        } else if (!choices.isEmpty()) {
          break;
        }
      }
      return new Run(place - choices.size(), ImmutableList.copyOf(choices));
    }
  }

  private static Optional<EndpointChoice> of(Rule rule, Function<String, Chain> chains) {
    Optional<String> called = rule.action().calledChain();
    int calls = rule.matches().size();
    if (called.isEmpty() || !rule.header().asksNothing() || calls > ChoiceCode.MOST_CALLS) {
      return Optional.empty();
    }
    int threshold = ChoiceCode.NO_DRAW;
    for (int i = 0; i < calls; i++) {
      MatchForm form = rule.matches().get(i).form();
      if (i == calls - 1 && form instanceof MatchForm.Chance chance && !chance.inverted()) {
        threshold = (int) chance.threshold();
      } else if (!(form instanceof MatchForm.Always)) {
        return Optional.empty();
      }
    }
    int drawn = threshold;
    return EndpointChain.of(chains.apply(called.get()))
        .map(endpoint -> new EndpointChoice(drawn, calls, called.get(), endpoint));
  }

  private boolean draws() {
    return threshold != ChoiceCode.NO_DRAW;
  }

  private boolean follows(List<EndpointChoice> choices) {
    if (choices.isEmpty()) {
      return true;
    }
    EndpointChoice before = choices.get(choices.size() - 1);
    return before.draws()
        && ChoiceCode.details(before.endpoint) == ChoiceCode.details(endpoint)
        && (!draws() || before.calls == calls)
        && choices.size() < ChoiceCode.MOST_CHOICES;
  }
}
