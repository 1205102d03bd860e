package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IpvsTest {
  private static final ServiceSpec SERVICE = ServiceSpec.builder(Fleet.KEY).scheduler("rr").build();

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

  @Test
  void eachDatagramOfAOnePacketServiceIsScheduled() {
    ServiceKey udp = new ServiceKey.Virtual(IpProtocol.UDP, Fleet.VIRTUAL, 53);
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(udp).scheduler("rr").onePacket(true).build(),
            IpvsSettings.DEFAULTS,
            1);
    for (int i = 0; i < 2; i++) {
      fleet.ipvs.addServer(udp, Fleet.spec(i).build());
    }
    Packet datagram = Fleet.packet(1, 0).protocol(IpProtocol.UDP).destinationPort(53);
    assertThat(List.of(fleet.send(datagram), fleet.send(datagram), fleet.send(datagram)))
        .containsExactly(1, 0, 1);
    assertThat(fleet.ipvs.connectionCount()).isZero();
    assertThat(fleet.ipvs.services().get(0).traffic().connections()).isEqualTo(3);
    assertThat(fleet.ipvs.services().get(0).servers().get(0).totalConnections()).isZero();
  }

  @Test
  void aServerThatIsAddedAgainHasItsConnectionsAgain() {
    Fleet fleet = Fleet.of("rr", 1, 1);
    fleet.connect(1);
    fleet.connect(2);
    fleet.remove(0);
    assertThat(fleet.send(Fleet.packet(2, TcpFlags.ACK))).isEqualTo(-1);
    fleet.add(0, 1);
    assertThat(fleet.servers().get(0).activeConnections()).isEqualTo(1);
    assertThat(fleet.send(Fleet.packet(2, TcpFlags.ACK))).isZero();
  }

  @Test
  void aRemovedServerIsForgottenTwoMinutesAfterItsLastConnection() {
    Fleet fleet = Fleet.of("rr", 7);
    fleet.connect(1);
    fleet.ipvs.expire(fleet.ipvs.connection());
    fleet.remove(0);
    fleet.sleep(170);
    fleet.add(0, 7);
    assertThat(fleet.servers().get(0).traffic().connections()).isEqualTo(1);
    fleet.remove(0);
    fleet.sleep(181);
    fleet.add(0, 7);
    assertThat(fleet.servers().get(0).traffic().connections()).isZero();
  }

  /**
   * A server that comes back from the trash with weight 0 has no slots of mh, an edited one has.
   */
  @Test
  void theLastWeightIsForgottenWithEachAddition() {
    Fleet fleet = Fleet.of("mh", 7);
    fleet.weigh(0, 0);
    assertThat(fleet.servers().get(0).lastWeight()).isEqualTo(7);
    fleet.connect(1);
    fleet.remove(0);
    fleet.add(0, 0);
    assertThat(fleet.servers().get(0).lastWeight()).isZero();
  }

  @Test
  void connectionsOfRemovedServersMayBeEnded() {
    Fleet fleet =
        new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.EXPIRE_NODEST_CONN, 1), 1);
    fleet.add(0, 1);
    fleet.add(1, 1);
    fleet.connect(1);
    fleet.connect(2);
    fleet.remove(1);
    fleet.ipvs.advance();
    assertThat(fleet.ipvs.connections())
        .extracting(IpvsConnection::server)
        .containsExactly(fleet.servers().get(0));
  }

  @ParameterizedTest
  @CsvSource({"0,1", "1,0", "2,0"})
  void aClosedConnectionIsReplacedAsTheModeSays(int mode, int server) {
    Fleet fleet =
        new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.CONN_REUSE_MODE, mode), 1);
    fleet.add(0, 1);
    fleet.add(1, 1);
    assertThat(fleet.connect(1)).isEqualTo(1);
    fleet.send(Fleet.packet(1, TcpFlags.FIN));
    assertThat(fleet.ipvs.connection().stateName()).isEqualTo("TIME_WAIT");
    assertThat(fleet.connect(1)).isEqualTo(server);
    fleet.ipvs.advance();
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(1);
  }

  @Test
  void onlyASynBeginsAConnectionUnlessItIsSloppy() {
    Fleet fleet = Fleet.of("rr", 1);
    assertThat(fleet.send(Fleet.packet(1, TcpFlags.ACK))).isEqualTo(-1);
    assertThat(fleet.send(Fleet.packet(1, TcpFlags.SYN | TcpFlags.RST))).isEqualTo(-1);
    fleet.ipvs.settings(fleet.ipvs.settings().with(IpvsSysctl.SLOPPY_TCP, 1));
    assertThat(fleet.send(Fleet.packet(1, TcpFlags.ACK))).isZero();
  }

  @Test
  void whoIsRefusedIsTold() {
    Fleet fleet = Fleet.of("rr", 0);
    assertThat(fleet.ipvs.fromClient(Fleet.syn(1), false)).isEqualTo(Disposition.UNREACHABLE);
    assertThat(fleet.ipvs.fromClient(Fleet.syn(1).destinationPort(81), false))
        .isEqualTo(Disposition.PASS);
    assertThat(fleet.ipvs.fromClient(Fleet.syn(1).protocol(IpProtocol.ICMP), false))
        .isEqualTo(Disposition.PASS);
    assertThat(fleet.ipvs.fromClient(Fleet.syn(1).transportTruncated(true), false))
        .isEqualTo(Disposition.DROP);
    assertThat(fleet.ipvs.fromClient(Fleet.syn(1).fragmentOffset(8), false))
        .isEqualTo(Disposition.PASS);
  }

  @Test
  void ftpDataIsLeftAlone() {
    Fleet fleet = Fleet.of("rr", 1);
    assertThat(fleet.ipvs.fromClient(Fleet.syn(1).sourcePort(20), false))
        .isEqualTo(Disposition.PASS);
    ServiceKey ftp = new ServiceKey.Virtual(IpProtocol.TCP, Fleet.VIRTUAL, 21);
    fleet.ipvs.add(ServiceSpec.builder(ftp).scheduler("rr").build());
    fleet.ipvs.addServer(ftp, ServerSpec.builder(Fleet.server(0), 21).build());
    assertThat(fleet.ipvs.fromClient(Fleet.syn(1).destinationPort(5_000), false))
        .isEqualTo(Disposition.PASS);
    assertThat(fleet.ipvs.fromClient(Fleet.syn(1).destinationPort(21), false))
        .isEqualTo(Disposition.FORWARD);
  }

  @Test
  void aServersAnswerOfThisHostIsNotScheduled() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    Packet answer =
        new Packet()
            .source(Fleet.VIRTUAL)
            .sourcePort(80)
            .destination(Fleet.syn(1).source())
            .destinationPort(Fleet.syn(1).sourcePort())
            .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
    ServiceKey reverse =
        new ServiceKey.Virtual(IpProtocol.TCP, answer.destination(), answer.destinationPort());
    fleet.ipvs.add(ServiceSpec.builder(reverse).scheduler("rr").build());
    fleet.ipvs.addServer(reverse, Fleet.spec(5).build());
    assertThat(fleet.ipvs.fromClient(answer, true)).isEqualTo(Disposition.PASS);
    assertThat(fleet.ipvs.fromClient(answer, false)).isEqualTo(Disposition.FORWARD);
  }

  @Test
  void everyTenthNewConnectionMayBeDropped() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.DROP_PACKET, 3), 1);
    fleet.add(0, 1);
    for (int client = 0; client < 60; client++) {
      assertThat(fleet.connect(client))
          .as("client %s", client)
          .isEqualTo(client % 10 == 0 ? -1 : 0);
    }
  }

  @Test
  void whenMemoryIsShortConnectionsAreDropped() {
    IpvsSettings settings =
        IpvsSettings.DEFAULTS.with(IpvsSysctl.DROP_PACKET, 1).withAvailablePages(768);
    Fleet fleet = new Fleet(SERVICE, settings, 1);
    fleet.add(0, 1);
    assertThat(java.util.stream.IntStream.range(0, 12).map(fleet::connect).filter(s -> s < 0))
        .hasSize(3);
  }

  /** As recorded: of 354 half-open connections 86 to 118 are left after 45 s. */
  @Test
  void halfOpenConnectionsAreDroppedAtRandom() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.DROP_ENTRY, 3), 1);
    fleet.add(0, 1);
    for (int client = 0; client < 354; client++) {
      fleet.connect(client);
    }
    fleet.connect(1_000);
    fleet.send(Fleet.packet(1_000, TcpFlags.ACK));
    fleet.sleep(45);
    assertThat(fleet.ipvs.connectionCount()).isBetween(60, 120);
    assertThat(fleet.ipvs.connections())
        .extracting(IpvsConnection::stateName)
        .contains("ESTABLISHED");
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

  @Test
  void aConnectionIsLookedUpByItsPacket() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    assertThat(fleet.ipvs.lookUp(Fleet.packet(1, 0))).isSameAs(fleet.ipvs.connection());
    assertThat(fleet.ipvs.lookUp(Fleet.packet(2, 0)).exists()).isFalse();
    assertThat(fleet.ipvs.lookUp(Fleet.packet(1, 0).protocol(1)).exists()).isFalse();
  }

  @Test
  void strictTcpCallsAHalfOpenConnectionSynack() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.SECURE_TCP, 3), 1);
    fleet.ipvs.addServer(Fleet.KEY, Fleet.spec(0).method(Method.DIRECT_ROUTING).build());
    fleet.connect(1);
    assertThat(fleet.ipvs.connection().stateName()).isEqualTo("SYNACK");
  }

  @Test
  void timeoutsFollowTheSettings() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.withTimeouts(50, 0, 7), 1);
    fleet.add(0, 1);
    fleet.connect(1);
    fleet.send(Fleet.packet(1, TcpFlags.ACK));
    assertThat(fleet.ipvs.connection().expiresInSeconds(0)).isEqualTo(50);
    assertThat(fleet.ipvs.settings().finWaitSeconds()).isEqualTo(120);
    assertThat(fleet.ipvs.settings().udpSeconds()).isEqualTo(7);
  }

  @Test
  void sctpFollowsItsChunks() {
    ServiceKey sctp = new ServiceKey.Virtual(IpProtocol.SCTP, Fleet.VIRTUAL, 80);
    Fleet fleet =
        new Fleet(ServiceSpec.builder(sctp).scheduler("rr").build(), IpvsSettings.DEFAULTS, 1);
    fleet.ipvs.addServer(sctp, Fleet.spec(0).build());
    assertThat(fleet.send(sctp(10))).isEqualTo(-1);
    assertThat(fleet.send(sctp(1))).isZero();
    IpvsConnection connection = fleet.ipvs.connection();
    assertThat(connection.stateName()).isEqualTo("INIT1");
    assertThat(connection.expiresInSeconds(0)).isEqualTo(4);
    fleet.ipvs.fromServer(answer(sctp(2)));
    assertThat(connection.stateName()).isEqualTo("C-SENT");
    fleet.send(sctp(10));
    assertThat(connection.stateName()).isEqualTo("C-REPLIED");
    fleet.ipvs.fromServer(answer(sctp(11)));
    assertThat(connection.stateName()).isEqualTo("ESTABLISHED");
    assertThat(connection.isActive()).isTrue();
    fleet.send(sctp(7));
    assertThat(connection.stateName()).isEqualTo("S-RECEIVED");
    assertThat(connection.isActive()).isFalse();
    // A cookie with an ABORT behind it ends the association.
    fleet.send(sctp(10).payload(new byte[] {10, 0, 0, 4, 6, 0, 0, 4}));
    assertThat(connection.stateName()).isEqualTo("CLOSED");
    assertThat(connection.expiresInSeconds(0)).isEqualTo(61);
    assertThat(fleet.send(sctp(1))).isZero();
    assertThat(fleet.ipvs.connection()).isNotSameAs(connection);
  }

  private static Packet sctp(int chunk) {
    return Fleet.packet(1, 0).protocol(IpProtocol.SCTP).payload(new byte[] {(byte) chunk, 0, 0, 4});
  }

  private static Packet answer(Packet packet) {
    return packet
        .copy()
        .source(Fleet.server(0))
        .sourcePort(8080)
        .destination(packet.source())
        .destinationPort(packet.sourcePort());
  }

  @Test
  void ipv6HasItsOwnServices() {
    ServiceKey key = new ServiceKey.Virtual(IpProtocol.TCP, IpAddress.parse("fd00::1"), 80);
    Ipvs ipvs =
        new Ipvs(IpvsSettings.DEFAULTS, new VirtualClock(), new SeededDecisions(0), new Work());
    ipvs.add(ServiceSpec.builder(key).scheduler("sh").persistence(new Persistence(60, 64)).build());
    for (int i = 1; i <= 3; i++) {
      ipvs.addServer(key, ServerSpec.builder(IpAddress.parse("fd00:1::" + i), 80).build());
    }
    Packet syn =
        new Packet()
            .addresses(IpAddress.parse("fd00:2::9"), IpAddress.parse("fd00::1"))
            .ports(4_000, 80)
            .tcpFlags(TcpFlags.SYN);
    assertThat(ipvs.fromClient(syn, false)).isEqualTo(Disposition.FORWARD);
    IpAddress server = ipvs.connection().serverAddress();
    ipvs.fromClient(syn.copy().source(IpAddress.parse("fd00:2::77")), false);
    assertThat(ipvs.connection().serverAddress()).isEqualTo(server);
    assertThat(ipvs.connections().get(0).isTemplate() || ipvs.connections().get(1).isTemplate())
        .isTrue();
    Packet answer =
        new Packet()
            .addresses(server, IpAddress.parse("fd00:2::9"))
            .ports(80, 4_000)
            .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
    assertThat(ipvs.fromServer(answer).exists()).isTrue();
  }

  @Test
  void answersAreCountedAndFoundByTheServersEnd() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    assertThat(fleet.ipvs.fromServer(answer(Fleet.packet(1, TcpFlags.ACK))).exists()).isTrue();
    assertThat(fleet.ipvs.fromServer(answer(Fleet.packet(2, TcpFlags.ACK))).exists()).isFalse();
    Traffic traffic = fleet.servers().get(0).traffic();
    assertThat(traffic.inPackets()).isEqualTo(1);
    assertThat(traffic.inBytes()).isEqualTo(40);
    assertThat(traffic.outPackets()).isEqualTo(1);
    assertThat(traffic.outBytes()).isEqualTo(40);
    assertThat(fleet.ipvs.total().outBytes()).isEqualTo(40);
    assertThat(fleet.ipvs.services().get(0).traffic().inPackets()).isEqualTo(1);
  }

  @Test
  void theClassicKernelClearsAFullServerAtThreeQuarters() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.withFlavour(KernelFlavour.CLASSIC), 1);
    fleet.ipvs.addServer(Fleet.KEY, Fleet.spec(0).thresholds(4, 0).build());
    for (int client = 0; client < 4; client++) {
      fleet.connect(client);
    }
    assertThat(fleet.servers().get(0).isOverloaded()).isTrue();
    List<IpvsConnection> open = fleet.ipvs.connections();
    fleet.ipvs.expire(open.get(0));
    assertThat(fleet.servers().get(0).isOverloaded()).isTrue();
    fleet.ipvs.expire(open.get(1));
    assertThat(fleet.servers().get(0).isOverloaded()).isFalse();
    fleet.connect(7);
    fleet.connect(8);
    fleet.ipvs.editServer(Fleet.KEY, Fleet.spec(0).thresholds(5, 2).build());
    assertThat(fleet.servers().get(0).isOverloaded()).isFalse();
    fleet.connect(9);
    assertThat(fleet.servers().get(0).isOverloaded()).isTrue();
  }

  /** One active connection and two that end: 256 + 3 of 6.1.192, 256 + 2 of kernels before. */
  @ParameterizedTest
  @CsvSource({"TOTAL_CONNECTIONS,259", "CLASSIC,258"})
  void theLoadOfAServer(KernelFlavour flavour, int load) {
    Fleet fleet = Fleet.of("rr", 1);
    for (int client = 0; client < 3; client++) {
      fleet.connect(client);
    }
    fleet.send(Fleet.packet(1, TcpFlags.FIN));
    fleet.send(Fleet.packet(2, TcpFlags.FIN));
    assertThat(flavour.overhead(fleet.servers().get(0))).isEqualTo(load);
  }

  @Test
  void aPacketOfAMarkedServiceWithoutServersMayBypassThem() {
    ServiceKey marked = new ServiceKey.Marked(IpFamily.IPV4, 7);
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(marked).build(),
            IpvsSettings.DEFAULTS.with(IpvsSysctl.CACHE_BYPASS, 1),
            1);
    assertThat(fleet.ipvs.fromClient(Fleet.syn(2).mark(7), false))
        .isEqualTo(Disposition.UNREACHABLE);
    fleet.ipvs.unicast(address -> true);
    assertThat(fleet.ipvs.fromClient(Fleet.syn(1).mark(7), false)).isEqualTo(Disposition.FORWARD);
    assertThat(fleet.ipvs.connection().method()).isEqualTo(Method.BYPASS);
  }

  /** As recorded: of IPv6 an address of this host is bypassed to as well. */
  @ParameterizedTest
  @CsvSource({"fd00:9::1,FORWARD", "ff02::1,UNREACHABLE"})
  void anyUnicastAddressOfIpv6IsBypassedTo(String destination, Disposition disposition) {
    ServiceKey marked = new ServiceKey.Marked(IpFamily.IPV6, 7);
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(marked).build(),
            IpvsSettings.DEFAULTS.with(IpvsSysctl.CACHE_BYPASS, 1),
            1);
    Packet syn =
        new Packet()
            .addresses(IpAddress.parse("fd00:2::9"), IpAddress.parse(destination))
            .ports(4_000, 80)
            .tcpFlags(TcpFlags.SYN)
            .mark(7);
    assertThat(fleet.ipvs.fromClient(syn, false)).isEqualTo(disposition);
  }

  @Test
  void aBackupLeavesPacketsAlone() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.BACKUP_ONLY, 1), 1);
    fleet.add(0, 1);
    assertThat(fleet.connect(1)).isEqualTo(-1);
  }

  @Test
  void anotherSchedulerStartsWithTheServersThereAre() {
    Fleet fleet = Fleet.of("rr", 1, 9);
    fleet.ipvs.edit(ServiceSpec.builder(Fleet.KEY).scheduler("fo").build());
    assertThat(fleet.connect(1)).isEqualTo(1);
    assertThat(fleet.connect(2)).isEqualTo(1);
    assertThat(fleet.ipvs.services().get(0).spec().scheduler()).isEqualTo("fo");
  }

  @Test
  void settingsComeFromSysctls() {
    IpvsSettings settings =
        IpvsSettings.of(new Sysctls(ImmutableMap.of("net.ipv4.vs.conn_reuse_mode", "0")));
    assertThat(settings.get(IpvsSysctl.CONN_REUSE_MODE)).isZero();
    assertThat(settings.on(IpvsSysctl.SNAT_REROUTE)).isTrue();
    assertThat(settings.withTableBits(8).tableBits()).isEqualTo(8);
    assertThat(settings.withTableBits(28).tableBits()).isEqualTo(12);
    assertThatThrownBy(() -> settings.withTicksPerSecond(2_000))
        .hasMessageContaining("0..1000: 2000");
  }

  @Test
  void whatIsWrongIsSaid() {
    Fleet fleet = Fleet.of("rr", 1);
    assertThatThrownBy(() -> fleet.ipvs.add(SERVICE))
        .hasMessage("service TCP 10.96.0.1:80 exists already");
    assertThatThrownBy(() -> fleet.add(0, 1))
        .hasMessage("service TCP 10.96.0.1:80 has server 10.244.0.1:8080 already");
    assertThatThrownBy(() -> fleet.remove(3))
        .hasMessage("service TCP 10.96.0.1:80 has no server 10.244.0.4:8080");
    assertThatThrownBy(() -> fleet.weigh(3, 1))
        .hasMessage("service TCP 10.96.0.1:80 has no server 10.244.0.4:8080");
    assertThatThrownBy(() -> fleet.ipvs.remove(new ServiceKey.Marked(IpFamily.IPV4, 3)))
        .hasMessage("no service FWM 3");
    assertThatThrownBy(() -> Fleet.spec(0).weight(65_536))
        .hasMessage("weight out of range 0..65535: 65536");
    assertThatThrownBy(() -> Fleet.spec(0).thresholds(3, 4))
        .hasMessage("lower threshold out of range 0..3, the upper one: 4");
    assertThatThrownBy(
            () ->
                fleet.ipvs.addServer(
                    Fleet.KEY, ServerSpec.builder(IpAddress.parse("fd00::1"), 80).build()))
        .hasMessageContaining("of another family");
    fleet.ipvs.addServer(
        Fleet.KEY,
        ServerSpec.builder(IpAddress.parse("fd00::1"), 80).method(Method.TUNNEL).build());
    assertThatThrownBy(() -> new ServiceKey.Virtual(1, Fleet.VIRTUAL, 80))
        .hasMessageContaining("found protocol 1");
    assertThatThrownBy(() -> new ServiceKey.Marked(IpFamily.IPV4, 0)).hasMessage("a mark is not 0");
    assertThatThrownBy(() -> new Persistence(0, 32))
        .hasMessage("timeout out of range 1..2678400: 0");
    assertThatThrownBy(() -> new Persistence(2_678_401, 32))
        .hasMessage("timeout out of range 1..2678400: 2678401");
    assertThatThrownBy(() -> ServiceSpec.builder(Fleet.KEY).persistence(new Persistence(1, 64)))
        .hasMessage("prefix length out of range 0..32: 64");
    ServiceKey six = new ServiceKey.Marked(IpFamily.IPV6, 1);
    assertThatThrownBy(() -> ServiceSpec.builder(six).persistence(new Persistence(1, 0)))
        .hasMessage("prefix length out of range 1..128: 0");
  }

  @Test
  void aServiceLeavesItsConnectionsBehind() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    fleet.ipvs.remove(Fleet.KEY);
    assertThat(fleet.ipvs.services()).isEmpty();
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(1);
    assertThat(fleet.send(Fleet.packet(1, TcpFlags.ACK))).isEqualTo(-1);
    fleet.sleep(61);
    assertThat(fleet.ipvs.connectionCount()).isZero();
  }
}
