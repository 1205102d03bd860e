package dev.packetpath.iptables;

import dev.packetpath.core.net.IpFamily;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;

/** A table as it is walked: immutable, shared by any number of hosts and threads. */
final class TableProgram {
  private static final int NO_CHAIN = -1;

  private final Table written;
  private final Object2IntOpenHashMap<String> places;
  private final DevicePatterns devices = new DevicePatterns();
  private final int[] code;
  private final int[] starts;
  private final ChainIndex[] indexes;
  private final int counters;
  private final int functions;
  private final int targets;

  private TableProgram(IpFamily family, Table written, IndexLimits limits) {
    this.written = written;
    this.places = new Object2IntOpenHashMap<>(written.chains().size());
    places.defaultReturnValue(NO_CHAIN);
    for (Chain chain : written.chains()) {
      places.put(chain.name(), places.size());
    }
    TableCompiler compiler =
        new TableCompiler(family, written.name(), devices, this::chain, limits);
    this.starts = written.chains().stream().mapToInt(compiler::add).toArray();
    this.indexes = compiler.indexes();
    RuleEncoder encoder = compiler.encoder();
    this.code = encoder.code();
    this.counters = encoder.counters();
    this.functions = encoder.functions();
    this.targets = encoder.targets();
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

  /** Returns all chains as {@link ChainCode}; not to be changed. */
  int[] code() {
    return code;
  }

  /** Returns for each chain where its code starts; not to be changed. */
  int[] starts() {
    return starts;
  }

  /** Returns for each chain its index; not to be changed. */
  ChainIndex[] indexes() {
    return indexes;
  }

  /** Returns the number of counters that the chains take. */
  int counters() {
    return counters;
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
  int chain(String name) {
    int place = places.getInt(name);
    if (place == NO_CHAIN) {
      throw new IllegalArgumentException("no chain " + name + " in table " + written.name());
    }
    return place;
  }
}
