package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a persistent service remembers of its clients. */
final class PersistenceTest {
  private static Fleet persistent(IpvsSettings settings, int seconds, int length) {
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(Fleet.KEY)
                .scheduler("rr")
                .persistence(new Persistence(seconds, length))
                .build(),
            settings,
            1);
    fleet.add(0, 1);
    fleet.add(1, 1);
    return fleet;
  }

  private static IpvsConnection template(Fleet fleet) {
    return fleet.ipvs.connections().stream()
        .filter(IpvsConnection::isTemplate)
        .findFirst()
        .orElse(IpvsConnection.NONE);
  }

  @Test
  void aPersistentServiceKeepsAClientOnItsServer() {
    Fleet fleet = persistent(IpvsSettings.DEFAULTS, 100, 32);
    int server = fleet.connect(1);
    for (int port = 2_000; port < 2_010; port++) {
      assertThat(fleet.send(Fleet.syn(1).sourcePort(port))).isEqualTo(server);
    }
    assertThat(fleet.connect(2)).isNotEqualTo(server);
    assertThat(template(fleet).toString())
        .isEqualTo("TCP 198.18.0.1:0 10.96.0.1:80 10.244.0.2:8080 NONE");
    assertThat(template(fleet).controlled()).isEqualTo(11);
  }

  @Test
  void aNetmaskJoinsClients() {
    Fleet fleet = persistent(IpvsSettings.DEFAULTS, 100, 24);
    int server = fleet.connect(1);
    assertThat(fleet.connect(200)).isEqualTo(server);
    assertThat(fleet.connect(300)).isNotEqualTo(server);
  }

  /** As recorded: 100 s, one connection, then 60 s again and again while that lives. */
  @Test
  void aTemplateWithConnectionsStaysInStepsOfAMinute() {
    Fleet fleet = persistent(IpvsSettings.DEFAULTS, 100, 32);
    fleet.connect(1);
    fleet.send(Fleet.packet(1, TcpFlags.ACK));
    fleet.sleep(99);
    assertThat(template(fleet).expiresInSeconds(fleet.clock.nowNs())).isEqualTo(1);
    fleet.sleep(2);
    assertThat(template(fleet).expiresInSeconds(fleet.clock.nowNs())).isEqualTo(59);
    fleet.sleep(300);
    fleet.send(Fleet.syn(1).sourcePort(9_999));
    assertThat(template(fleet).expiresInSeconds(fleet.clock.nowNs())).isEqualTo(60);
    assertThat(template(fleet).stateName()).isEqualTo("ASSURED");
    fleet.sleep(600);
    assertThat(fleet.ipvs.connectionCount()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0,true", "1,false"})
  void aTemplateOfAQuietServer(int expires, boolean stays) {
    IpvsSettings settings =
        IpvsSettings.DEFAULTS.with(IpvsSysctl.EXPIRE_QUIESCENT_TEMPLATE, expires);
    Fleet fleet = persistent(settings, 300, 32);
    int server = fleet.connect(1);
    fleet.weigh(server, 0);
    assertThat(fleet.send(Fleet.syn(1).sourcePort(9_999)) == server).isEqualTo(stays);
    assertThat(fleet.ipvs.connections())
        .filteredOn(IpvsConnection::isTemplate)
        .hasSize(stays ? 1 : 2);
    if (!stays) {
      assertThat(template(fleet).virtualPort()).isEqualTo(65_535);
      assertThat(template(fleet).serverPort()).isEqualTo(65_535);
    }
  }

  @Test
  void aPortOfAPersistentServiceOfAllPortsIsKept() {
    ServiceKey all = new ServiceKey.Virtual(IpProtocol.TCP, Fleet.VIRTUAL, 0);
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(all)
                .scheduler("rr")
                .persistence(Persistence.perClient(IpFamily.IPV4, 60))
                .build(),
            IpvsSettings.DEFAULTS,
            1);
    fleet.ipvs.addServer(all, ServerSpec.builder(Fleet.server(0), 0).build());
    assertThat(fleet.send(Fleet.syn(1).destinationPort(8_443))).isZero();
    assertThat(fleet.ipvs.connection().serverPort()).isEqualTo(8_443);
    assertThat(template(fleet).virtualPort()).isZero();
  }

  @Test
  void aMarkGoesBeforeAddressAndPort() {
    Fleet fleet = Fleet.of("rr", 1);
    ServiceKey marked = new ServiceKey.Marked(IpFamily.IPV4, 7);
    fleet.ipvs.add(
        ServiceSpec.builder(marked)
            .scheduler("rr")
            .persistence(Persistence.perClient(IpFamily.IPV4, 60))
            .build());
    fleet.ipvs.addServer(marked, ServerSpec.builder(Fleet.server(9), 0).build());
    assertThat(fleet.send(Fleet.syn(1).mark(7))).isEqualTo(9);
    assertThat(fleet.ipvs.connection().serverPort()).isEqualTo(80);
    assertThat(fleet.send(Fleet.syn(2).mark(8))).isZero();
    assertThat(template(fleet).protocol()).isZero();
    assertThat(template(fleet).virtualAddress()).isEqualTo(IpAddress.parse("0.0.0.7"));
  }

  /** A template of datagrams counts them: one in i of those with i is dropped, i being 1 to 8. */
  @ParameterizedTest
  @CsvSource({"1,600,false", "1,58,true", "9,600,true"})
  void templatesOfDatagramsAreDroppedByTheirPackets(int datagrams, int seconds, boolean stays) {
    ServiceKey udp = new ServiceKey.Virtual(IpProtocol.UDP, Fleet.VIRTUAL, 53);
    ServiceSpec.Builder service =
        ServiceSpec.builder(udp).scheduler("rr").persistence(new Persistence(3_000, 32));
    Fleet fleet =
        new Fleet(service.build(), IpvsSettings.DEFAULTS.with(IpvsSysctl.DROP_ENTRY, 3), 1);
    fleet.ipvs.addServer(udp, Fleet.spec(0).build());
    fleet.ipvs.edit(service.onePacket(true).build());
    for (int i = 0; i < datagrams; i++) {
      fleet.send(Fleet.packet(1, 0).protocol(IpProtocol.UDP).destinationPort(53));
    }
    fleet.sleep(seconds);
    assertThat(template(fleet).exists()).isEqualTo(stays);
  }

  /** As recorded: both have 300 s and fire together, the connection first. */
  @ParameterizedTest
  @CsvSource({"0", "100", "250"})
  void aTemplateEndsWithItsConnectionOfTheSameTime(int ticksPerSecond) {
    ServiceKey udp = new ServiceKey.Virtual(IpProtocol.UDP, Fleet.VIRTUAL, 53);
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(udp).persistence(new Persistence(300, 32)).build(),
            IpvsSettings.DEFAULTS.withTicksPerSecond(ticksPerSecond),
            1);
    fleet.ipvs.addServer(udp, Fleet.spec(0).build());
    fleet.send(Fleet.packet(1, 0).protocol(IpProtocol.UDP).destinationPort(53));
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(2);
    fleet.sleep(320);
    assertThat(fleet.ipvs.connectionCount()).isZero();
  }

  /** As in /proc/net/ip_vs_conn of 6.1.192: the mark is the first word of an IPv6 address. */
  @Test
  void theTemplateOfAMarkShowsItInTheVirtualAddress() {
    ServiceKey marked = new ServiceKey.Marked(IpFamily.IPV6, 0x3ea);
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(marked).persistence(new Persistence(60, 64)).build(),
            IpvsSettings.DEFAULTS,
            1);
    fleet.ipvs.addServer(marked, ServerSpec.builder(IpAddress.parse("fd00:1::1"), 0).build());
    fleet.ipvs.fromClient(
        new Packet()
            .addresses(IpAddress.parse("fd00:2::9"), IpAddress.parse("fd00:9::1"))
            .ports(4_000, 80)
            .tcpFlags(TcpFlags.SYN)
            .mark(0x3ea),
        false);
    assertThat(template(fleet).virtualAddress()).isEqualTo(IpAddress.parse("0:3ea::"));
    assertThat(template(fleet).clientAddress()).isEqualTo(IpAddress.parse("fd00:2::"));
  }
}
