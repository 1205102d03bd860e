package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Makes the walked form of chains from the written one. Not safe for use by several threads. */
final class TableCompiler {
  private static final EndpointChoice.Run NO_RUN =
      new EndpointChoice.Run(Integer.MAX_VALUE, ImmutableList.of());

  private final IpFamily family;
  private final TableName table;
  private final DevicePatterns devices;
  private final IndexLimits limits;
  private final Function<String, Chain> chains;
  private final ChainEncoder encoder;
  private ChainIndex lastIndex = ChainIndex.NONE;

  /**
   * Creates a compiler of the chains of one table.
   *
   * @param devices where the device names of rules get their numbers
   * @param places the places of the chains by name; throws if there is no such chain
   * @param chains the chains by name
   */
  TableCompiler(
      IpFamily family,
      TableName table,
      DevicePatterns devices,
      ToIntFunction<String> places,
      Function<String, Chain> chains,
      IndexLimits limits) {
    this.family = family;
    this.table = table;
    this.devices = devices;
    this.limits = limits;
    this.chains = chains;
    this.encoder = new ChainEncoder(devices, places);
  }

  /** Compiles the chain of a place behind those before and returns where its code starts. */
  int add(Chain chain, int place) {
    int size = chain.rules().size();
    int plain = plain(chain);
    int[] starts = new int[size - plain];
    long site = LoadContext.siteOf(family, table, chain.name());
    EndpointChoice.Run run = plain == size ? EndpointChoice.Run.of(chain, chains) : NO_RUN;
    int first = encoder.startChain(chain, place, Math.min(plain, run.first()), site);
    int outcomes = 0;
    for (int i = 0; i < size; i++) {
      if (i == run.first()) {
        encoder.addChoices(first, run.choices());
      }
      if (i == plain) {
        outcomes = encoder.size() - first;
        encoder.addOutcomes(chain.rules().subList(plain, size));
      }
      if (i >= plain) {
        starts[i - plain] = encoder.size() - first;
      }
      encoder.add(chain.rules().get(i));
    }
    lastIndex = plain < size ? index(chain, plain, starts, outcomes) : ChainIndex.NONE;
    return first;
  }

  /** Returns the index of the chain that was compiled last. */
  ChainIndex lastIndex() {
    return lastIndex;
  }

  /** Returns what was written. */
  ChainEncoder encoder() {
    return encoder;
  }

  /**
   * Returns how many rules are evaluated before the index is asked: about as many as cost what
   * asking it costs, so that a walk that ends early is not much slower for the index, and one that
   * does not is not much slower for them. Where there are few groups, none but those that {@link
   * FixedWalks} may know the walks of.
   */
  private int plain(Chain chain) {
    int size = chain.rules().size();
    if (size < limits.minRules()) {
      return size;
    }
    long shapes =
        chain.rules().stream().map(rule -> TupleShape.of(rule.header())).distinct().count();
    if (shapes * limits.rulesPerShape() > size || fewFixSomething(chain)) {
      return size;
    }
    long plain = Math.min(size, Math.max(limits.plainRules(), shapes / 2));
    return shapes > limits.fewShapes()
        ? (int) plain
        : (int)
            chain.rules().stream().limit(plain).takeWhile(TableCompiler::isForAnyAddress).count();
  }

  private static boolean fixesNothing(Rule rule) {
    return TupleShape.of(rule.header()).fixesNothing();
  }

  private static boolean isForAnyAddress(Rule rule) {
    return TupleShape.of(rule.header()).fixesDevicesAlone();
  }

  /** Whether most rules would have to be evaluated for every packet. */
  private boolean fewFixSomething(Chain chain) {
    long fixNothing =
        chain.rules().stream()
            .filter(TableCompiler::fixesNothing)
            .filter(rule -> ExactPort.of(rule).isEmpty())
            .count();
    return 100 * fixNothing > (long) limits.percentFixingNothing() * chain.rules().size();
  }

  private ChainIndex index(Chain chain, int plain, int[] starts, int outcomes) {
    TupleIndexBuilder tuples =
        new TupleIndexBuilder(chain.rules(), devices, limits.minPortedRules());
    tuples.group(plain);
    return tuples.build(starts, outcomes);
  }
}
