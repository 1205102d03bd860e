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
  void aConnectionIsLookedUpByItsPacket() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    assertThat(fleet.ipvs.lookUp(Fleet.packet(1, 0))).isSameAs(fleet.ipvs.connection());
    assertThat(fleet.ipvs.lookUp(Fleet.packet(2, 0)).exists()).isFalse();
    assertThat(fleet.ipvs.lookUp(Fleet.packet(1, 0).protocol(1)).exists()).isFalse();
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
    Packet next = Fleet.packet(1, TcpFlags.ACK).mark(7);
    assertThat(fleet.ipvs.fromClient(next, false)).isEqualTo(Disposition.FORWARD);
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(1);
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

  /** As recorded: the setting is of no effect without the daemon. */
  @ParameterizedTest
  @CsvSource({"0,false,0", "0,true,0", "1,false,0", "1,true,-1"})
  void aBackupMayLeavePacketsAlone(int setting, boolean daemon, int server) {
    IpvsSettings settings =
        IpvsSettings.DEFAULTS.with(IpvsSysctl.BACKUP_ONLY, setting).withBackup(daemon);
    Fleet fleet = new Fleet(SERVICE, settings, 1);
    fleet.add(0, 1);
    assertThat(fleet.connect(1)).isEqualTo(server);
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
}
