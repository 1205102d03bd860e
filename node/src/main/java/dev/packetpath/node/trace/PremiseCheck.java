package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.host.Device;
import dev.packetpath.node.explore.Exploration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds out which premises of an answer made a difference, by trying what else could be. */
final class PremiseCheck {
  private static final int MOST_DEVICES = 8;

  private final TraceSettings settings;
  private final Function<ImmutableMap<Object, Premise>, Exploration<TraceRun>> explore;

  /**
   * Creates a check.
   *
   * @param explore what explores the same packets under premises that were told
   */
  PremiseCheck(
      TraceSettings settings,
      Function<ImmutableMap<Object, Premise>, Exploration<TraceRun>> explore) {
    this.settings = settings;
    this.explore = explore;
  }

  ImmutableList<Assumption> check(Exploration<TraceRun> usual) {
    Map<Object, Premise> asked = new LinkedHashMap<>();
    usual.outcomes().stream()
        .flatMap(outcome -> outcome.result().premises().stream())
        .forEach(premise -> asked.putIfAbsent(premise.subject(), premise));
    ImmutableList.Builder<Assumption> assumptions = ImmutableList.builder();
    String signature = signature(usual);
    ImmutableSet<String> entrances =
        usual.outcomes().stream()
            .flatMap(outcome -> outcome.result().packets().stream())
            .map(TracedPacket::at)
            .collect(ImmutableSet.toImmutableSet());
    for (Premise premise : asked.values()) {
      List<Assumption.Alternative> different = new ArrayList<>();
      for (Premise other : alternatives(premise, entrances)) {
        tryOther(usual, signature, other, different);
      }
      if (!different.isEmpty() || premise instanceof Premise.SourceAddress) {
        assumptions.add(new Assumption(premise, ImmutableList.copyOf(different)));
      }
    }
    return assumptions.build();
  }

  private void tryOther(
      Exploration<TraceRun> usual,
      String signature,
      Premise other,
      List<Assumption.Alternative> different) {
    Exploration<TraceRun> otherwise = explore.apply(ImmutableMap.of(other.subject(), other));
    if (!signature(otherwise).equals(signature)) {
      String result = PathSummary.difference(usual.outcomes(), otherwise.outcomes());
      different.add(new Assumption.Alternative(other, result));
    }
  }

  /** Returns all outcomes but for the devices by which packets leave. */
  private static String signature(Exploration<TraceRun> exploration) {
    Map<String, String> outcomes = new TreeMap<>();
    exploration
        .outcomes()
        .forEach(
            outcome ->
                outcomes.merge(
                    outcome.conditions() + RunSignature.withoutDevices(outcome.result()),
                    outcome.probability().toString(),
                    (one, more) -> one + " " + more));
    return outcomes.toString();
  }

  private List<Premise> alternatives(Premise premise, ImmutableSet<String> entrances) {
    if (premise instanceof Premise.Local local) {
      return List.of(new Premise.Local(local.address(), !local.local()));
    }
    if (premise instanceof Premise.Forwarding usual) {
      return List.of(new Premise.Forwarding(!usual.forwards()));
    }
    if (premise instanceof Premise.FirstState) {
      return List.of(new Premise.FirstState(SeenState.ESTABLISHED));
    }
    if (premise instanceof Premise.OutDevice out) {
      return devices(settings.hints().outDevices(), out.device())
          .filter(device -> !entrances.contains(device))
          .<Premise>map(device -> new Premise.OutDevice(out.destination(), device))
          .toList();
    }
    if (premise instanceof Premise.InDevice in) {
      return devices(settings.assumed() ? settings.hints().inDevices() : nodeDevices(), in.device())
          .<Premise>map(device -> new Premise.InDevice(in.packet(), device))
          .toList();
    }
    return List.of();
  }

  private ImmutableList<String> nodeDevices() {
    return settings.snapshot().network().devices().stream()
        .filter(device -> !device.loopback())
        .map(Device::name)
        .collect(ImmutableList.toImmutableList());
  }

  private Stream<String> devices(ImmutableList<String> named, String usual) {
    Stream<String> unnamed =
        settings.assumed() ? Stream.of(AssumedNetwork.UNNAMED) : Stream.empty();
    return Stream.concat(named.stream(), unnamed)
        .distinct()
        .filter(device -> !device.equals(usual))
        .limit(MOST_DEVICES);
  }
}
