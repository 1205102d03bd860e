package dev.packetpath.compare.work;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.compare.Configuration;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.kubernetes.sync.ProxySync;
import dev.packetpath.kubernetes.sync.Sync;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What kube-proxy's repeated syncs do for any number of Services and endpoints: each operation runs
 * a + b·services + c·endpoints + d·services·endpoints times, learnt from syncs of small clusters.
 * Thread-safe.
 */
public final class SyncCosts {
  /** The name of the cost that a profile may give to each Service as a whole. */
  public static final String SERVICE = "service";

  /** The name of the cost that a profile may give to each Service in iptables mode beyond that. */
  public static final String IPTABLES_SERVICE = "iptablesService";

  private static final ImmutableSet<String> IN_BULK = ImmutableSet.of(SERVICE, IPTABLES_SERVICE);

  private static final int FEW = 2;
  private static final int MORE = 3;

  private final ConcurrentHashMap<Kind, Learnt> learnt = new ConcurrentHashMap<>();

  /** Creates one that has learnt nothing yet. */
  public SyncCosts() {}

  private record Kind(ProxyMode mode, KubeVersion version) {
    ProxyConfig config() {
      return ProxyConfig.builder().mode(mode).version(version).build();
    }

    ImmutableSortedMap<String, Double> periodic(int services, int endpoints) {
      Sync sync =
          ProxySync.of(ClientCluster.of(services, endpoints), ClientCluster.NODE, config())
              .periodic();
      return named(sync);
    }
  }

  /** Returns how often a sync runs each operation, by names such as {@code iptablesCommand}. */
  static ImmutableSortedMap<String, Double> named(Sync sync) {
    ImmutableSortedMap.Builder<String, Double> named = ImmutableSortedMap.naturalOrder();
    sync.operations()
        .forEach(
            (operation, count) ->
                named.put(
                    CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.LOWER_CAMEL, operation.name()),
                    (double) count));
    return named.build();
  }

  /** Four corners. */
  private record Learnt(
      ImmutableSortedMap<String, Double> fewOfFew,
      ImmutableSortedMap<String, Double> moreOfFew,
      ImmutableSortedMap<String, Double> fewOfMore,
      ImmutableSortedMap<String, Double> moreOfMore) {
    static Learnt of(Kind kind) {
      return new Learnt(
          kind.periodic(FEW, FEW),
          kind.periodic(MORE, FEW),
          kind.periodic(FEW, MORE),
          kind.periodic(MORE, MORE));
    }

    ImmutableSortedMap<String, Double> at(int services, int endpoints) {
      double s = services - (double) FEW;
      double e = endpoints - (double) FEW;
      return new WorkSum()
          .add(fewOfFew, (1 - s) * (1 - e))
          .add(moreOfFew, s * (1 - e))
          .add(fewOfMore, (1 - s) * e)
          .add(moreOfMore, s * e)
          .rounded();
    }
  }

  /** Returns how often the sync that repeats without a change runs each operation. */
  public ImmutableSortedMap<String, Double> operations(Configuration configuration) {
    return learnt
        .computeIfAbsent(new Kind(configuration.mode(), configuration.version()), Learnt::of)
        .at(configuration.services(), configuration.endpoints());
  }

  /**
   * Returns the nanoseconds of one sync.
   *
   * @param workload how often it runs each operation
   * @param costs of operations by name, of {@value #SERVICE} and of {@value #IPTABLES_SERVICE};
   *     what has no cost here counts for nothing
   */
  public static double ns(
      Workload workload, Configuration configuration, Map<String, OperationCost> costs) {
    double ns = ns(costs, SERVICE, configuration.services());
    if (configuration.mode() == ProxyMode.IPTABLES) {
      ns += ns(costs, IPTABLES_SERVICE, configuration.services());
    }
    if (IN_BULK.containsAll(costs.keySet())) {
      return ns;
    }
    for (Map.Entry<String, Double> operation : workload.syncOperations(configuration).entrySet()) {
      ns += ns(costs, operation.getKey(), operation.getValue());
    }
    return ns;
  }

  private static double ns(Map<String, OperationCost> costs, String operation, double times) {
    OperationCost cost = costs.get(operation);
    return cost == null ? 0 : times * cost.ns();
  }

  /** Returns the time from one sync to the next, nanoseconds. */
  public static double periodNs(Configuration configuration) {
    return ProxySync.period(new Kind(configuration.mode(), configuration.version()).config())
        .toNanos();
  }
}
