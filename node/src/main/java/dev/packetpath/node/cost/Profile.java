package dev.packetpath.node.cost;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.core.cost.CostModel;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.Provenance;

/**
 * What a kernel on a machine takes for its work, and the laboratory around it.
 *
 * @param name what it is called
 * @param about what it describes, in a sentence or two
 * @param machine the machine
 * @param kernel the kernel
 * @param costs nanoseconds of the operations of packets
 * @param sync nanoseconds of what kube-proxy's sync does, by name
 * @param lab the other figures: servers, network, clients
 */
public record Profile(
    String name,
    String about,
    String machine,
    String kernel,
    CostModel costs,
    ImmutableSortedMap<String, OperationCost> sync,
    Lab lab) {
  /**
   * Returns what was fitted of it: names of its laboratory's figures, {@code rules}, {@code
   * costs.NAME} and {@code sync.NAME}.
   */
  public ImmutableSet<String> fitted() {
    ImmutableSet.Builder<String> fitted = ImmutableSet.builder();
    lab.parameters().values().stream()
        .filter(parameter -> parameter.provenance() == Provenance.FITTED)
        .forEach(parameter -> fitted.add(parameter.name()));
    if (costs.rules().provenance() == Provenance.FITTED) {
      fitted.add("rules");
    }
    return fitted
        .addAll(fitted("costs.", costs.operations()))
        .addAll(fitted("sync.", sync))
        .build();
  }

  private static ImmutableSet<String> fitted(
      String part, ImmutableSortedMap<String, OperationCost> costs) {
    return costs.values().stream()
        .filter(cost -> cost.provenance() == Provenance.FITTED)
        .map(cost -> part + cost.operation())
        .collect(ImmutableSet.toImmutableSet());
  }

  /** Returns the profile with other costs of packets' operations. */
  public Profile withCosts(CostModel others) {
    return new Profile(name, about, machine, kernel, others, sync, lab);
  }

  /** Returns the profile with another laboratory. */
  public Profile withLab(Lab other) {
    return new Profile(name, about, machine, kernel, costs, sync, other);
  }

  /** Returns the profile with other costs of a sync's operations. */
  public Profile withSync(ImmutableMap<String, OperationCost> others) {
    return new Profile(name, about, machine, kernel, costs, ImmutableSortedMap.copyOf(others), lab);
  }
}
