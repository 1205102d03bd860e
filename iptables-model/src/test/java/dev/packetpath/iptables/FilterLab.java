package dev.packetpath.iptables;

import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;

/** Hosts of one device, eth0 with 10.0.0.1/24, and rules for them without connection tracking. */
final class FilterLab {
  static final Device ETH0 = Device.ethernet("eth0", 2);

  private FilterLab() {}

  static Host host() {
    return Host.builder(
            ConfiguredNetwork.builder()
                .device(Device.lo())
                .device(ETH0)
                .addressWithRoutes(DeviceAddress.of(ETH0, "10.0.0.1/24"))
                .build())
        .build();
  }

  static Iptables attach(Host host, RulesetProgram program, Walk walk) {
    IpSets sets = new IpSets(host.clock(), host.work());
    return Iptables.attach(host, program, sets, Optional.empty(), walk);
  }

  static Ruleset parse(String text) throws IOException {
    return RestoreParser.parse("rules", IpFamily.IPV4, new StringReader(text));
  }

  /** Returns a filter table whose three chains accept, with further lines. */
  static Ruleset filter(String lines) throws IOException {
    return parse(
        """
        *filter
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        %s
        COMMIT
        """
            .formatted(lines));
  }
}
