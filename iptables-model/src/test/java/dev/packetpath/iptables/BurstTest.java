package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.ipset.IpSets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The chains of Services are read ahead for packets that come together. */
final class BurstTest {
  private static final int SERVICES = LookAhead.MIN_RULES;

  @Test
  void theChainOfEachServiceIsReadAhead() {
    LoadedTable nat = receive(SERVICES, syn(1), syn(2), syn(1));

    assertThat(nat.chainsReadAhead()).isEqualTo(3);
  }

  @Test
  void laterSegmentsAmongThemAreLeftOut() {
    LoadedTable nat =
        receive(
            SERVICES, syn(1).tcpFlags(TcpFlags.ACK), syn(1), syn(2).tcpFlags(TcpFlags.ACK), syn(2));

    assertThat(nat.chainsReadAhead()).isEqualTo(2);
  }

  @Test
  void theEndOfALongBurstIsReadAhead() {
    Packet[] packets =
        IntStream.range(0, 20).mapToObj(i -> syn(i < 16 ? SERVICES : i)).toArray(Packet[]::new);

    assertThat(receive(SERVICES, packets).chainsReadAhead()).isEqualTo(4);
  }

  @Test
  void nothingIsReadForPacketsThatAreForNoService() {
    assertThat(receive(SERVICES, syn(SERVICES)).chainsReadAhead()).isZero();
  }

  @Test
  void nothingIsReadForLaterSegments() {
    assertThat(receive(SERVICES, syn(1).tcpFlags(TcpFlags.ACK)).chainsReadAhead()).isZero();
  }

  @Test
  void nothingIsReadAmongFewRules() {
    assertThat(receive(SERVICES - 1, syn(1)).chainsReadAhead()).isZero();
  }

  private static LoadedTable receive(int services, Packet... packets) {
    Host host = Host.builder(TwoWalks.NETWORK).build();
    Nat nat = Nat.attach(Conntrack.attach(host, ConntrackSettings.DEFAULTS));
    RulesetProgram program =
        RulesetProgram.compile(ServiceChains.parse(IpFamily.IPV4, rules(services)));
    IpSets sets = new IpSets(host.clock(), host.work());
    Iptables iptables = Iptables.attach(host, program, sets, Optional.of(nat), Walk.COMPILED);
    host.receive(List.of(packets), TwoWalks.ETH0);
    return iptables.tables().get(0);
  }

  private static String rules(int services) {
    return "*nat\n:PREROUTING ACCEPT [0:0]\n:SERVICES - [0:0]\n:SVC - [0:0]\n"
        + "-A PREROUTING -j SERVICES\n"
        + IntStream.range(0, services)
            .mapToObj(
                i ->
                    "-A SERVICES -d %s -p tcp -m tcp --dport 80 -j SVC\n"
                        .formatted(BurstProperties.address(i)))
            .collect(Collectors.joining())
        + "-A SVC -p tcp -m tcp -j DNAT --to-destination 10.0.1.10:8080\n".repeat(9)
        + "COMMIT\n";
  }

  private static Packet syn(int service) {
    return new Packet()
        .addresses(IpAddress.parse("10.0.1.2"), IpAddress.parse(BurstProperties.address(service)))
        .ports(1_024 + service, 80)
        .tcpFlags(TcpFlags.SYN);
  }
}
