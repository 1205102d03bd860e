package dev.packetpath.bench;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.RulesetProgram;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Walk;
import dev.packetpath.iptables.ipset.IpSets;
import java.util.Optional;

/** A filter table alone, asked at FORWARD. */
final class FilterHost {
  private static final HookState FORWARDED =
      new HookState(Hook.FORWARD, Device.ethernet("eth0", 2), Device.ethernet("eth1", 3));

  private final HookFunction filter;
  private final LoadedTable table;

  /**
   * Creates a host.
   *
   * @param walker who walks the table
   */
  FilterHost(Ruleset rules, Walk walker) {
    Host host = Host.builder(ConfiguredNetwork.builder().build()).build();
    Iptables iptables =
        Iptables.attach(
            host,
            RulesetProgram.compile(rules),
            new IpSets(host.clock(), host.work()),
            Optional.empty(),
            walker);
    this.filter = host.hooks().at(IpFamily.IPV4, Hook.FORWARD).get(0).function();
    this.table = iptables.table(TableName.FILTER).orElseThrow();
  }

  Verdict walk(Packet packet) {
    return filter.run(packet, FORWARDED);
  }

  long rulesEvaluated() {
    return table.rulesEvaluated();
  }
}
