package dev.packetpath.conformance;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.Multisets;
import dev.packetpath.iptables.DeviceMatch;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.Ruleset;
import java.util.Optional;
import java.util.stream.Stream;

/** Gives the devices that rules name most the names of the laboratory's, so that they are met. */
final class LabDevices {
  private static final int RENAMED = 6;

  private final ImmutableMap<String, String> names;

  private LabDevices(ImmutableMap<String, String> names) {
    this.names = names;
  }

  /** Returns a rule set with other device names, else the same. */
  static Ruleset rename(Ruleset ruleset) {
    ImmutableMultiset<String> named =
        ruleset.tables().stream()
            .flatMap(table -> table.chains().stream())
            .flatMap(chain -> chain.rules().stream())
            .flatMap(rule -> Stream.of(rule.header().in(), rule.header().out()))
            .map(DeviceMatch::pattern)
            .filter(name -> !name.isEmpty() && !name.equals("lo") && !name.endsWith("+"))
            .collect(ImmutableMultiset.toImmutableMultiset());
    ImmutableMap.Builder<String, String> names = ImmutableMap.builder();
    int number = 0;
    for (String name : Multisets.copyHighestCountFirst(named).elementSet()) {
      if (number < RENAMED) {
        names.put(name, "eth" + number++ % 2);
      }
    }
    LabDevices devices = new LabDevices(names.buildOrThrow());
    return ruleset.mapRules(rule -> Optional.of(devices.of(rule)));
  }

  private Rule of(Rule rule) {
    HeaderMatch old = rule.header();
    HeaderMatch header =
        new HeaderMatch(
            old.source(),
            old.sourceInverted(),
            old.destination(),
            old.destinationInverted(),
            of(old.in()),
            of(old.out()),
            old.protocol(),
            old.protocolInverted(),
            old.fragment());
    return new Rule(header, rule.matches(), rule.action(), rule.counters(), rule.line());
  }

  private DeviceMatch of(DeviceMatch device) {
    return new DeviceMatch(
        names.getOrDefault(device.pattern(), device.pattern()), device.inverted());
  }
}
