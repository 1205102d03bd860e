package dev.packetpath.iptables;

import dev.packetpath.core.net.IpFamily;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;

/** A table as it is walked: immutable, shared by any number of hosts and threads. */
final class TableProgram {
  private static final int NO_CHAIN = -1;

  private final Table written;
  private final Object2IntOpenHashMap<String> places;
  private final DevicePatterns devices = new DevicePatterns();
  private final ChainProgram[] chains;

  private TableProgram(IpFamily family, Table written, IndexLimits limits) {
    this.written = written;
    this.places = new Object2IntOpenHashMap<>(written.chains().size());
    places.defaultReturnValue(NO_CHAIN);
    for (Chain chain : written.chains()) {
      places.put(chain.name(), places.size());
    }
    TableCompiler compiler =
        new TableCompiler(family, written.name(), devices, this::chain, limits);
    this.chains = written.chains().stream().map(compiler::compile).toArray(ChainProgram[]::new);
  }

  static TableProgram compile(IpFamily family, Table written, IndexLimits limits) {
    return new TableProgram(family, written, limits);
  }

  TableName name() {
    return written.name();
  }

  /** Returns the table that this was made from. */
  Table written() {
    return written;
  }

  /** Returns the chains by place; not to be changed. */
  ChainProgram[] chains() {
    return chains;
  }

  DevicePatterns devices() {
    return devices;
  }

  /**
   * Returns the place of a chain, from 0.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  int chain(String name) {
    int place = places.getInt(name);
    if (place == NO_CHAIN) {
      throw new IllegalArgumentException("no chain " + name + " in table " + written.name());
    }
    return place;
  }
}
