package dev.packetpath.iptables;

import dev.packetpath.core.Chances;
import it.unimi.dsi.fastutil.ints.Int2IntMap;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** Writes chains as {@link ChainCode}. */
final class ChainEncoder {
  /** No written rule calls a chain, or several do. */
  static final int NO_CALLER = -1;

  private static final int FIRST_WORDS = 256;

  private final DevicePatterns devices;
  private final ToIntFunction<String> chains;
  private CodeWords words = new CodeWords(new int[FIRST_WORDS], 0);
  private RuleEncoder rules;
  private int counters;
  private int entries;

  /** The places of the chains that the chain written last calls, rule by rule. */
  private final IntArrayList called = new IntArrayList();

  /** Where rules have places of called chains in place of where these chains start. */
  private final IntArrayList calls = new IntArrayList();

  /** Where outcomes have such places. */
  private final IntArrayList outcomes = new IntArrayList();

  /** The choices that were written: where the word on the called chain is, and its place. */
  private final IntArrayList choices = new IntArrayList();

  /** The chances of the table's choices, each once, with their places. */
  private final Map<Chances, Integer> chances = new LinkedHashMap<>();

  /** For each of {@link #calls} where the counters of the calling rule stand. */
  private final IntArrayList callers = new IntArrayList();

  private int chainCounters;
  private int rulesOfChain;

  /**
   * Creates an encoder.
   *
   * @param devices where the rules' device names get their numbers
   * @param chains the places of the table's chains by name
   */
  ChainEncoder(DevicePatterns devices, ToIntFunction<String> chains) {
    this.devices = devices;
    this.chains = chains;
    this.rules = new RuleEncoder(words, devices, 0, 0);
  }

  /** Goes on behind what another encoder wrote for the same table; the array is its own. */
  void continueBehind(
      int[] written,
      int length,
      Chances[] chances,
      int counters,
      int entries,
      int functions,
      int targets) {
    this.words = new CodeWords(written, length);
    Stream.of(chances).forEach(this::placeOf);
    this.rules = new RuleEncoder(words, devices, functions, targets);
    this.counters = counters;
    this.entries = entries;
  }

  /** Returns what was written, with room behind it. */
  int[] code() {
    return words.array();
  }

  /** Returns the chances that choices ask for, by place. */
  Chances[] chances() {
    return chances.keySet().toArray(Chances[]::new);
  }

  private int placeOf(Chances wanted) {
    chances.putIfAbsent(wanted, chances.size());
    return chances.get(wanted);
  }

  /**
   * Starts a chain and returns where.
   *
   * @param place see {@link ChainCode#PLACE}
   * @param plain see {@link ChainCode#PLAIN}
   * @param site see {@link LoadContext#siteOf}
   */
  int startChain(Chain chain, int place, int plain, long site) {
    int start = words.size();
    words.put(chain.rules().size());
    words.put(plain);
    words.put(counters);
    words.put((int) (site >>> 32));
    words.put(place);
    words.put(entries++);
    words.put(0);
    words.put(ChainCode.NOT_CHOSEN);
    chainCounters = counters;
    counters += TableCounters.lengthOf(chain);
    rulesOfChain = 0;
    called.clear();
    return start;
  }

  /** Returns the places of the chains that the chain written last calls, rule by rule. */
  IntList called() {
    return called;
  }

  /** Lets all rules written call their chains, now that it is known where these start. */
  void link(int[] starts) {
    link(calls, starts);
    link(outcomes, starts);
    callers.clear();
    for (int i = 0; i < choices.size(); i += 2) {
      know(choices.getInt(i), starts[choices.getInt(i + 1)]);
    }
    choices.clear();
  }

  private void link(IntArrayList places, int[] starts) {
    for (int at : places) {
      words.set(at, starts[words.get(at)]);
    }
    places.clear();
  }

  /** Lets a choice know the chain that it calls, and no other choice any more. */
  private void know(int choice, int chain) {
    forget(chain);
    words.set(chain + ChainCode.CHOSEN_BY, choice);
    if (words.get(chain + ChainCode.ENTRY) >= 0) {
      tell(choice, chain);
    }
  }

  private void forget(int chain) {
    int choice = words.get(chain + ChainCode.CHOSEN_BY);
    if (choice != ChainCode.NOT_CHOSEN) {
      tell(choice, ChoiceCode.NOT_KNOWN);
    }
  }

  /** Writes a word on a called chain by which its choice is not counted with its rule. */
  private void tell(int choice, int called) {
    int back = words.get(choice);
    if (back < ChoiceCode.NOT_KNOWN) {
      words.set(choice + back, ChoiceCode.withOthers(words.get(choice + back)));
    }
    words.set(choice, called);
  }

  /**
   * Writes the choices of a chain, in front of the rules that they stand for.
   *
   * @param chain where the chain starts
   */
  void addChoices(int chain, List<EndpointChoice> ofEndpoint) {
    int start = words.size();
    if (!ofEndpoint.isEmpty()) {
      words.put(ChoiceCode.head(ofEndpoint));
      words.put(ChoiceCode.details(ofEndpoint.get(0).endpoint()));
      words.put(placeOf(chances(ofEndpoint)));
      ofEndpoint.forEach(choice -> words.put(choice.endpoint().to().address()));
      for (EndpointChoice choice : ofEndpoint) {
        choices.add(words.size());
        choices.add(chains.applyAsInt(choice.chain()));
        words.put(start - words.size());
      }
    }
    words.set(chain + ChainCode.CHOICES, words.size() - start);
  }

  /** Returns what choices ask for, but for the last one if it is taken without. */
  private static Chances chances(List<EndpointChoice> ofEndpoint) {
    return Chances.of(
        ofEndpoint.stream()
            .mapToInt(EndpointChoice::threshold)
            .filter(threshold -> threshold != ChoiceCode.NO_DRAW)
            .toArray());
  }

  /** Writes what rules of an index do, in front of them. */
  void addOutcomes(List<Rule> rules) {
    for (Rule rule : rules) {
      if (rule.action() instanceof RuleAction.Jump jump) {
        outcomes.add(words.size());
        words.put(chains.applyAsInt(jump.chain()));
      } else {
        words.put(OutcomeCode.of(RuleEncoder.action(rule.action())));
      }
    }
  }

  /**
   * Leaves counting the walks that enter a chain to the only rule that calls it, if there is one.
   * For a whole table, before {@link #link}.
   */
  void shareEntries(int[] starts, IntPredicate isBase) {
    Int2IntMap onlyCallers = onlyCallers();
    entries = 0;
    for (int place = 0; place < starts.length; place++) {
      int caller = isBase.test(place) ? NO_CALLER : onlyCallers.get(place);
      words.set(starts[place] + ChainCode.ENTRY, caller == NO_CALLER ? entries++ : ~caller);
    }
  }

  /**
   * Returns for each chain's place where the counters of the only written rule that calls it stand,
   * {@link #NO_CALLER} if none or several do. To be asked before {@link #link}.
   */
  Int2IntMap onlyCallers() {
    Int2IntMap onlyCallers = new Int2IntOpenHashMap();
    onlyCallers.defaultReturnValue(NO_CALLER);
    for (int i = 0; i < calls.size(); i++) {
      int called = words.get(calls.getInt(i));
      onlyCallers.mergeInt(called, callers.getInt(i), (first, other) -> NO_CALLER);
    }
    return onlyCallers;
  }

  /**
   * Leaves counting the walks that enter a chain to a rule, the only one that calls it. Before
   * {@link #link}.
   *
   * @param start where the chain starts
   * @param caller where the rule's counters stand
   */
  void shareEntry(int start, int caller) {
    words.set(start + ChainCode.ENTRY, ~caller);
  }

  /**
   * Gives a chain a counter of its own of the walks that enter, and tells the choice that knows it,
   * which then no longer counts for both.
   */
  void newEntry(int start) {
    int choice = words.get(start + ChainCode.CHOSEN_BY);
    if (choice != ChainCode.NOT_CHOSEN) {
      tell(choice, start);
    }
    words.set(start + ChainCode.ENTRY, entries++);
  }

  /** Leaves word where a chain was that it now starts elsewhere. */
  void move(int from, int to) {
    forget(from);
    words.set(from + ChainCode.SIZE, ChainCode.MOVED);
    words.set(from + ChainCode.PLAIN, to);
  }

  /** Returns how many words were written: where the next rule will start. */
  int size() {
    return words.size();
  }

  /** Returns the number of counters that rules and policies take. */
  int counters() {
    return counters;
  }

  /** Returns the number of counters of walks that enter a chain. */
  int entries() {
    return entries;
  }

  /** Returns the number of match functions that the rules call. */
  int functions() {
    return rules.functions();
  }

  /** Returns the number of targets that the rules run. */
  int targets() {
    return rules.targets();
  }

  /** Writes a rule behind those written before. */
  void add(Rule rule) {
    rules.add(rule, rule.action().calledChain().map(this::call).orElse(0));
    rulesOfChain++;
  }

  private int call(String chain) {
    int callee = chains.applyAsInt(chain);
    called.add(callee);
    calls.add(words.size() + RuleCode.ARGUMENT);
    callers.add(TableCounters.ofRule(chainCounters, rulesOfChain));
    return callee;
  }
}
