package dev.packetpath.nftables;

import com.fasterxml.jackson.core.JsonLocation;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A table that is being read, and where its sets and rules stand. */
final class NftTableDraft {
  private final IpFamily family;
  private final String name;
  private final Map<String, Placed<NftSet>> sets = new LinkedHashMap<>();
  private final Map<String, Optional<NftChain.Base>> chains = new LinkedHashMap<>();
  private final Map<String, List<Placed<NftRule>>> rules = new LinkedHashMap<>();

  private record Placed<T>(T value, JsonLocation place) {}

  NftTableDraft(IpFamily family, String name) {
    this.family = family;
    this.name = name;
  }

  void add(String chain, Optional<NftChain.Base> base) {
    if (chains.putIfAbsent(chain, base) != null) {
      throw new NftJsonException("a second chain \"" + chain + "\"", "one");
    }
  }

  void add(NftSet set, JsonLocation place) {
    if (sets.putIfAbsent(set.name(), new Placed<>(set, place)) != null) {
      throw new NftJsonException("a second set \"" + set.name() + "\"", "one");
    }
  }

  void add(String chain, NftRule rule, JsonLocation place) {
    rules.computeIfAbsent(chain, first -> new ArrayList<>()).add(new Placed<>(rule, place));
  }

  /**
   * Loads sets and rules, each with its place, to see whether that can be done.
   *
   * @param placed does what may throw a {@link NftJsonException}, and knows where it stands
   */
  void check(BiConsumer<JsonLocation, Runnable> placed) {
    Host host = Host.builder(ConfiguredNetwork.builder().build()).build();
    LoadedNftTable trial = new LoadedNftTable(family, chains.keySet(), host, Optional.empty());
    sets.values().forEach(set -> placed.accept(set.place, () -> trial.add(set.value)));
    rules.forEach(
        (chain, all) ->
            all.forEach(rule -> placed.accept(rule.place, () -> trial.add(chain, rule.value))));
  }

  NftTable finish() {
    ImmutableList.Builder<NftChain> finished = ImmutableList.builder();
    chains.forEach(
        (chain, base) -> {
          ImmutableList<NftRule> all =
              rules.getOrDefault(chain, List.of()).stream()
                  .map(Placed::value)
                  .collect(ImmutableList.toImmutableList());
          finished.add(new NftChain(chain, base, () -> all));
        });
    return new NftTable(
        family,
        name,
        sets.values().stream().map(Placed::value).collect(ImmutableList.toImmutableList()),
        finished.build());
  }
}
