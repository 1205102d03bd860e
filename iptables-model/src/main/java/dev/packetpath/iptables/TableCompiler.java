package dev.packetpath.iptables;

import dev.packetpath.core.net.IpFamily;
import java.util.function.ToIntFunction;

/** Makes the walked form of chains from the written one. Not safe for use by several threads. */
final class TableCompiler {
  private final IpFamily family;
  private final TableName table;
  private final DevicePatterns devices;
  private final IndexLimits limits;
  private final RuleEncoder encoder;

  /**
   * Creates a compiler of the chains of one table.
   *
   * @param devices where the device names of rules get their numbers
   * @param chains the places of the chains by name; throws if there is no such chain
   */
  TableCompiler(
      IpFamily family,
      TableName table,
      DevicePatterns devices,
      ToIntFunction<String> chains,
      IndexLimits limits) {
    this.family = family;
    this.table = table;
    this.devices = devices;
    this.limits = limits;
    this.encoder = new RuleEncoder(devices, chains);
  }

  ChainProgram compile(Chain chain) {
    int size = chain.rules().size();
    int plain = size < limits.minRules() ? size : Math.min(size, limits.plainRules());
    int[] starts = new int[size - plain];
    encoder.clear();
    for (int i = 0; i < size; i++) {
      if (i >= plain) {
        starts[i - plain] = encoder.size();
      }
      encoder.add(chain.rules().get(i));
    }
    long site = LoadContext.siteOf(family, table, chain.name());
    ChainIndex index = plain < size ? index(chain, plain) : ChainIndex.NONE;
    return index == ChainIndex.NONE
        ? new ChainProgram(chain, encoder, new int[0], index, site)
        : new ChainProgram(chain, encoder, starts, index, site);
  }

  private ChainIndex index(Chain chain, int plain) {
    TupleIndexBuilder tuples =
        new TupleIndexBuilder(chain.rules(), devices, limits.minPortedRules());
    tuples.group(plain);
    return tuples.shapes() <= limits.maxShapes() ? tuples.build() : ChainIndex.NONE;
  }
}
