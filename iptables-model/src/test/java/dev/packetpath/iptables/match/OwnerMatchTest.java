package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose packets the kernel's own are, as Linux 6.18 counted them by the same rules. */
final class OwnerMatchTest {
  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final String RULES =
      """
      *raw
      :PREROUTING ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      -A OUTPUT -m owner --socket-exists
      -A OUTPUT -m owner ! --socket-exists
      -A OUTPUT -m owner ! --uid-owner 5
      -A OUTPUT -m owner --socket-exists ! --uid-owner 5
      -A OUTPUT -m owner --socket-exists --uid-owner 0
      -A OUTPUT -m owner --uid-owner 0
      COMMIT
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      -A FORWARD -p tcp -j REJECT --reject-with tcp-reset
      COMMIT
      """;

  @ParameterizedTest
  @EnumSource
  void anErrorHasASocketWithoutAnOwner(IpFamily family) throws IOException {
    Packet expired = packet(family).protocol(IpProtocol.UDP).ports(7, 53).ttl(1);
    assertThat(matchesOfAnswer(family, expired)).containsExactly(1L, 0L, 1L, 1L, 0L, 0L);
  }

  @ParameterizedTest
  @EnumSource
  void aResetHasNoSocket(IpFamily family) throws IOException {
    Packet refused = packet(family).protocol(IpProtocol.TCP).ports(7, 80).tcpFlags(TcpFlags.SYN);
    assertThat(matchesOfAnswer(family, refused)).containsExactly(0L, 1L, 1L, 0L, 0L, 0L);
  }

  private static Packet packet(IpFamily family) {
    return family == IpFamily.IPV4
        ? new Packet().addresses(IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.3"))
        : new Packet().addresses(IpAddress.parse("fd00::2"), IpAddress.parse("fd00::3"));
  }

  /** Returns how often each rule of raw OUTPUT matched. */
  private static List<Long> matchesOfAnswer(IpFamily family, Packet packet) throws IOException {
    Host host =
        Host.builder(
                ConfiguredNetwork.builder()
                    .device(Device.lo())
                    .device(ETH0)
                    .addressWithRoutes(DeviceAddress.of(ETH0, "10.0.0.1/24"))
                    .addressWithRoutes(DeviceAddress.of(ETH0, "fd00::1/64"))
                    .build())
            .build();
    Iptables iptables =
        Iptables.attach(
            host,
            RestoreParser.parse("rules", family, new StringReader(RULES)),
            new IpSets(host.clock(), host.work()),
            Optional.empty());
    host.receive(packet, ETH0);
    return IntStream.rangeClosed(1, 6)
        .mapToObj(
            rule -> iptables.table(TableName.RAW).orElseThrow().counted("OUTPUT", rule).packets())
        .toList();
  }
}
