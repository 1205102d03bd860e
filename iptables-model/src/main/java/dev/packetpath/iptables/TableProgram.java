package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import dev.packetpath.core.Chances;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpFamily;
import it.unimi.dsi.fastutil.ints.Int2IntMap;
import it.unimi.dsi.fastutil.ints.IntArrayFIFOQueue;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntLinkedOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * A table as it is walked. Shared by any number of hosts and threads, none of which changes it: a
 * host whose table is updated makes a copy of its own first.
 */
final class TableProgram {
  private static final int NO_CHAIN = -1;
  private static final int NO_CODE = -1;
  private static final int FEW_WORDS = 512;
  private static final Chain DELETED =
      new Chain("", Optional.empty(), Counters.ZERO, ImmutableList.of());

  private final IpFamily family;
  private final TableName name;
  private final IndexLimits limits;
  private final DevicePatterns devices;
  private final Object2IntOpenHashMap<String> places;
  private final IntArrayList free = new IntArrayList();

  /** The chains by place; {@link #DELETED} where there is none any more. */
  private final List<Chain> chains;

  private int[] code = {};
  private Chances[] chances = {};
  private int[] starts;
  private ChainIndex[] indexes;
  private int[] firstFunctions;
  private int[] firstTargets;
  private int length;
  private int counters;
  private int entries;
  private int functions;
  private int targets;

  /** How many words of the code belong to chains that were replaced or deleted. */
  private int unused;

  private boolean isUpdated;

  private TableProgram(IpFamily family, Table written, IndexLimits limits) {
    this.family = family;
    this.name = written.name();
    this.limits = limits;
    this.devices = new DevicePatterns();
    this.chains = new ArrayList<>(written.chains());
    this.places = new Object2IntOpenHashMap<>(chains.size());
    places.defaultReturnValue(NO_CHAIN);
    for (Chain chain : chains) {
      places.put(chain.name(), places.size());
    }
    compileAll();
  }

  /**
   * Compiles each chain in front of those that it calls, and chains that one chain calls side by
   * side: a new connection at 10,000 services waits for memory most of its time, and reads the code
   * and the counters of a Service's chain, but hardly ever those of an endpoint's.
   */
  private void compileAll() {
    starts = new int[chains.size()];
    indexes = new ChainIndex[chains.size()];
    firstFunctions = new int[chains.size()];
    firstTargets = new int[chains.size()];
    TableCompiler compiler = compiler();
    boolean[] compiled = new boolean[starts.length];
    IntArrayFIFOQueue waiting = new IntArrayFIFOQueue();
    for (int i = 0; i < starts.length; i++) {
      waiting.enqueue(i);
      while (!waiting.isEmpty()) {
        int place = waiting.dequeueInt();
        if (!compiled[place]) {
          compiled[place] = true;
          compile(place, compiler);
          compiler.encoder().called().forEach(waiting::enqueue);
        }
      }
    }
    ChainEncoder encoder = compiler.encoder();
    encoder.shareEntries(starts, place -> chains.get(place).isBase());
    encoder.link(starts);
    take(encoder);
    code = Arrays.copyOf(code, length);
  }

  private TableProgram(TableProgram other) {
    this.family = other.family;
    this.name = other.name;
    this.limits = other.limits;
    this.devices = other.devices.copy();
    this.chains = new ArrayList<>(other.chains);
    this.places = other.places.clone();
    this.free.addAll(other.free);
    this.code = Arrays.copyOf(other.code, other.length + other.length / 2);
    this.chances = other.chances;
    this.starts = other.starts.clone();
    this.indexes = other.indexes.clone();
    this.firstFunctions = other.firstFunctions.clone();
    this.firstTargets = other.firstTargets.clone();
    this.length = other.length;
    this.counters = other.counters;
    this.entries = other.entries;
    this.functions = other.functions;
    this.targets = other.targets;
    this.unused = other.unused;
    this.isUpdated = other.isUpdated;
  }

  static TableProgram compile(IpFamily family, Table written, IndexLimits limits) {
    return new TableProgram(family, written, limits);
  }

  /** Returns a copy that may be updated; takes time linear in the table. */
  TableProgram copy() {
    return new TableProgram(this);
  }

  /** Returns whether most of the code is of chains that updates replaced or deleted. */
  boolean isMostlyUnused() {
    return unused > FEW_WORDS && unused > length / 2;
  }

  /**
   * Returns a copy without the code of chains that updates replaced or deleted, each chain in the
   * place that it has here; takes time linear in the table.
   */
  TableProgram compacted() {
    TableProgram compacted = new TableProgram(this);
    compacted.unused = 0;
    compacted.compileAll();
    return compacted;
  }

  private TableCompiler compiler() {
    return new TableCompiler(
        family, name, devices, this::chain, called -> chains.get(chain(called)), limits);
  }

  private void compile(int place, TableCompiler compiler) {
    firstFunctions[place] = compiler.encoder().functions();
    firstTargets[place] = compiler.encoder().targets();
    starts[place] = compiler.add(chains.get(place), place);
    indexes[place] = compiler.lastIndex();
  }

  private void take(ChainEncoder encoder) {
    this.code = encoder.code();
    this.length = encoder.size();
    this.chances = encoder.chances();
    this.counters = encoder.counters();
    this.entries = encoder.entries();
    this.functions = encoder.functions();
    this.targets = encoder.targets();
  }

  /**
   * Compiles the chains of an update that was checked, behind the code of the others, which stays
   * as it is. Where a chain was, its code now says where it moved to.
   *
   * @param callers how many rules call a chain after the update
   */
  ProgramUpdate update(TableUpdate update, ToIntFunction<String> callers) {
    isUpdated = true;
    IntSet called = new IntLinkedOpenHashSet();
    Stream.concat(update.deleted().stream(), update.chains().stream().map(Chain::name))
        .distinct()
        .forEach(name -> leave(name, called));
    int[] before = update.chains().stream().mapToInt(chain -> start(chain.name())).toArray();
    for (String deleted : update.deleted()) {
      int place = places.removeInt(deleted);
      chains.set(place, DELETED);
      free.add(place);
      called.remove(place);
    }
    int[] changed = update.chains().stream().mapToInt(this::place).toArray();
    update.chains().forEach(chain -> addCalled(chain, called));
    TableCompiler compiler = compiler();
    ChainEncoder encoder = compiler.encoder();
    encoder.continueBehind(code, length, chances, counters, entries, functions, targets);
    for (int i = 0; i < changed.length; i++) {
      int place = changed[i];
      compile(place, compiler);
      if (before[i] != NO_CODE) {
        encoder.move(before[i], starts[place]);
      }
      called.add(place);
    }
    ImmutableList<ProgramUpdate.Recounted> recounted = recount(called, callers, encoder);
    encoder.link(starts);
    take(encoder);
    return new ProgramUpdate(ImmutableList.copyOf(Ints.asList(changed)), recounted);
  }

  /** Notes that the code of a chain, if there is one of the name, will be used no more. */
  private void leave(String chain, IntSet called) {
    int place = places.getInt(chain);
    if (place != NO_CHAIN) {
      addCalled(chains.get(place), called);
      unused += ChainCode.words(code, starts[place]);
    }
  }

  /** Returns where the code of a chain starts, {@link #NO_CODE} if there is no such chain. */
  private int start(String chain) {
    int place = places.getInt(chain);
    return place == NO_CHAIN ? NO_CODE : starts[place];
  }

  private void addCalled(Chain chain, IntSet called) {
    for (Rule rule : chain.rules()) {
      rule.action().calledChain().ifPresent(name -> called.add(places.getInt(name)));
    }
  }

  /**
   * Says of chains whose callers change who counts the walks that enter them from now on: the only
   * rule that calls one if this update wrote it, otherwise the chain itself.
   */
  private ImmutableList<ProgramUpdate.Recounted> recount(
      IntSet called, ToIntFunction<String> callers, ChainEncoder encoder) {
    ImmutableList.Builder<ProgramUpdate.Recounted> recounted = ImmutableList.builder();
    Int2IntMap written = encoder.onlyCallers();
    for (int place : called) {
      Chain chain = chains.get(place);
      int before = encoder.code()[starts[place] + ChainCode.ENTRY];
      boolean hasOne = callers.applyAsInt(chain.name()) == 1 && !chain.isBase();
      int caller = hasOne ? written.get(place) : ChainEncoder.NO_CALLER;
      if (caller >= 0) {
        encoder.shareEntry(starts[place], caller);
        recounted.add(new ProgramUpdate.Recounted(place, before));
      } else if (before < 0) {
        encoder.newEntry(starts[place]);
        recounted.add(new ProgramUpdate.Recounted(place, before));
      }
    }
    return recounted.build();
  }

  /** Puts a chain in its place, which it is given if it is new. */
  private int place(Chain chain) {
    int place = places.getInt(chain.name());
    if (place == NO_CHAIN) {
      place = free.isEmpty() ? chains.size() : free.removeInt(free.size() - 1);
      places.put(chain.name(), place);
    }
    if (place == chains.size()) {
      chains.add(chain);
    } else {
      chains.set(place, chain);
    }
    if (place >= starts.length) {
      starts = Arrays.copyOf(starts, place + place / 2 + 1);
      indexes = Arrays.copyOf(indexes, starts.length);
      firstFunctions = Arrays.copyOf(firstFunctions, starts.length);
      firstTargets = Arrays.copyOf(firstTargets, starts.length);
    }
    return place;
  }

  TableName name() {
    return name;
  }

  /** Returns the chains by place; a deleted one is empty and has no name. */
  List<Chain> chains() {
    return chains;
  }

  /** Returns the chain of a name, if there is one. */
  Optional<Chain> find(String chain) {
    int place = places.getInt(chain);
    return place == NO_CHAIN ? Optional.empty() : Optional.of(chains.get(place));
  }

  /** Returns the table as written; after updates with its user chains in order of their names. */
  Table written() {
    if (!isUpdated) {
      return new Table(name, ImmutableList.copyOf(chains));
    }
    ImmutableList.Builder<Chain> ordered = ImmutableList.builder();
    chains.stream().filter(Chain::isBase).forEach(ordered::add);
    chains.stream()
        .filter(chain -> !chain.isBase() && !chain.name().isEmpty())
        .sorted(Comparator.comparing(Chain::name))
        .forEach(ordered::add);
    return new Table(name, ordered.build());
  }

  /** Returns all chains as {@link ChainCode}; not to be changed. */
  int[] code() {
    return code;
  }

  /** Returns what the choices in the code ask for; not to be changed. */
  Chances[] chances() {
    return chances;
  }

  /** Returns for each chain where its code starts; not to be changed. */
  int[] starts() {
    return starts;
  }

  /** Returns one of the words on a chain, see {@link ChainCode}. */
  int word(int place, int word) {
    return code[starts[place] + word];
  }

  /** Returns for each chain its index; not to be changed. */
  ChainIndex[] indexes() {
    return indexes;
  }

  /** Returns the verdict of each base chain's policy, by the place of the chain. */
  Verdict[] policies() {
    Verdict[] policies = {};
    for (int place = 0; place < chains.size(); place++) {
      Optional<Policy> policy = chains.get(place).policy();
      if (policy.isPresent()) {
        policies = Arrays.copyOf(policies, place + 1);
        policies[place] = policy.get() == Policy.ACCEPT ? Verdict.ACCEPT : Verdict.DROP;
      }
    }
    return policies;
  }

  /** Returns the number of counters that rules and policies take. */
  int counters() {
    return counters;
  }

  /** Returns the number of counters of walks that enter a chain. */
  int entries() {
    return entries;
  }

  /** Returns the number of the first match function that a chain's rules call. */
  int firstFunction(int place) {
    return firstFunctions[place];
  }

  /** Returns the number of the first target that a chain's rules run. */
  int firstTarget(int place) {
    return firstTargets[place];
  }

  /** Returns the number of match functions that the rules call. */
  int functions() {
    return functions;
  }

  /** Returns the number of targets that the rules run. */
  int targets() {
    return targets;
  }

  DevicePatterns devices() {
    return devices;
  }

  /**
   * Returns the place of a chain, from 0.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  int chain(String chain) {
    int place = places.getInt(chain);
    if (place == NO_CHAIN) {
      throw new IllegalArgumentException("no chain " + chain + " in table " + name);
    }
    return place;
  }
}
