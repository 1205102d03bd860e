package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shortage of memory, thresholds of servers, timers that wait, and what a look-up tells apart. */
final class IpvsLimitsTest {
  private static final ServiceSpec SERVICE = ServiceSpec.builder(Fleet.KEY).scheduler("rr").build();

  private static Fleet dropping(int protocol) {
    ServiceKey key = new ServiceKey.Virtual(protocol, Fleet.VIRTUAL, 80);
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(key).scheduler("rr").build(),
            IpvsSettings.DEFAULTS.with(IpvsSysctl.DROP_ENTRY, 3).withTableBits(8),
            1);
    fleet.ipvs.addServer(key, Fleet.spec(0).build());
    return fleet;
  }

  private static int left(Fleet fleet) {
    return fleet.ipvs.connectionCount();
  }

  /**
   * ip_vs_random_dropentry and todrop_entry: of connections idle for a minute with i packets, 1 to
   * 8, each i-th goes; others and those with more packets stay.
   */
  @ParameterizedTest
  @CsvSource({"1,0,59,20", "1,0,300,0", "9,0,300,20", "1,30,80,20"})
  void idleEstablishedConnectionsAreDroppedByTheirPackets(
      int packets, int refreshedAfter, int seconds, int least) {
    Fleet fleet = dropping(IpProtocol.TCP);
    for (int client = 0; client < 20; client++) {
      Packet syn = Fleet.syn(client);
      fleet.ipvs.fromClient(syn, false);
      fleet.ipvs.fromServer(answer(syn, TcpFlags.ACK));
      for (int i = 1; i < packets; i++) {
        fleet.ipvs.fromClient(Fleet.packet(client, TcpFlags.ACK), false);
      }
    }
    assertThat(fleet.ipvs.connection().stateName()).isEqualTo("ESTABLISHED");
    if (refreshedAfter > 0) {
      fleet.sleep(refreshedAfter);
      IntStream.range(0, 20)
          .forEach(client -> fleet.ipvs.fromServer(answer(Fleet.syn(client), TcpFlags.ACK)));
      fleet.sleep(seconds - refreshedAfter);
    } else {
      fleet.sleep(seconds);
    }
    assertThat(left(fleet)).isEqualTo(least);
  }

  private static Packet answer(Packet packet, int flags) {
    return packet
        .copy()
        .source(Fleet.server(0))
        .sourcePort(8080)
        .destination(packet.source())
        .destinationPort(packet.sourcePort())
        .tcpFlags(flags);
  }

  /** A connection that ends is left to its timer. */
  @Test
  void closingConnectionsAreNotDropped() {
    Fleet fleet = dropping(IpProtocol.TCP);
    for (int client = 0; client < 20; client++) {
      fleet.connect(client);
      fleet.send(Fleet.packet(client, TcpFlags.ACK));
      fleet.send(Fleet.packet(client, TcpFlags.FIN));
      fleet.ipvs.fromServer(answer(Fleet.syn(client), TcpFlags.FIN));
    }
    assertThat(fleet.ipvs.connection().stateName()).isEqualTo("TIME_WAIT");
    fleet.sleep(119);
    assertThat(left(fleet)).isEqualTo(20);
  }

  @Test
  void halfOpenAssociationsOfSctpAreDroppedAndIdleDatagrams() {
    Fleet sctp = dropping(IpProtocol.SCTP);
    for (int client = 0; client < 20; client++) {
      Packet init =
          Fleet.packet(client, 0).protocol(IpProtocol.SCTP).payload(new byte[] {1, 0, 0, 4});
      sctp.send(init);
      sctp.send(init);
    }
    assertThat(sctp.ipvs.connection().stateName()).isEqualTo("INIT");
    sctp.sleep(60);
    assertThat(left(sctp)).isLessThan(15);
    Fleet udp = dropping(IpProtocol.UDP);
    for (int client = 0; client < 20; client++) {
      udp.send(Fleet.packet(client, 0).protocol(IpProtocol.UDP));
    }
    udp.sleep(59);
    assertThat(left(udp)).isEqualTo(20);
    udp.sleep(240);
    assertThat(left(udp)).isZero();
  }

  /** Templates that no connection of which was established go, with them what they control. */
  @Test
  void unassuredTemplatesAreDroppedWithTheirConnections() {
    ServiceSpec.Builder service = ServiceSpec.builder(Fleet.KEY).scheduler("rr");
    Fleet fleet =
        new Fleet(
            service.persistence(new Persistence(3_000, 32)).build(),
            IpvsSettings.DEFAULTS.with(IpvsSysctl.DROP_ENTRY, 3).withTableBits(8),
            1);
    fleet.add(0, 1);
    for (int client = 0; client < 20; client++) {
      fleet.connect(client);
      if (client < 5) {
        fleet.send(Fleet.packet(client, TcpFlags.ACK));
        fleet.send(Fleet.packet(client, TcpFlags.ACK));
      }
    }
    assertThat(left(fleet)).isEqualTo(40);
    fleet.sleep(58);
    assertThat(fleet.ipvs.connections())
        .filteredOn(IpvsConnection::isTemplate)
        .filteredOn(one -> one.controlled() == 0)
        .isEmpty();
    assertThat(left(fleet)).isBetween(10, 30);
    assertThat(fleet.ipvs.connections())
        .filteredOn(one -> one.stateName().equals("ESTABLISHED"))
        .hasSize(5);
  }

  @Test
  void theDefenseStopsWithItsSetting() {
    Fleet fleet = dropping(IpProtocol.TCP);
    IntStream.range(0, 20).forEach(fleet::connect);
    fleet.ipvs.settings(fleet.ipvs.settings().with(IpvsSysctl.DROP_ENTRY, 0));
    fleet.sleep(59);
    assertThat(left(fleet)).isEqualTo(20);
  }

  /** Mode 1 turns itself on while fewer pages are free than amemthresh. */
  @ParameterizedTest
  @CsvSource({"1,1023,4", "1,1024,0", "2,1023,4", "0,1023,0", "3,5000,4"})
  void automaticModesWatchTheFreePages(int mode, long pages, int kept) {
    IpvsSettings settings =
        IpvsSettings.DEFAULTS.with(IpvsSysctl.SECURE_TCP, mode).withAvailablePages(pages);
    Fleet fleet = new Fleet(SERVICE, settings, 1);
    fleet.ipvs.addServer(
        Fleet.KEY,
        Fleet.spec(0).method(dev.packetpath.core.packet.IpvsInfo.Method.DIRECT_ROUTING).build());
    fleet.connect(1);
    assertThat(fleet.ipvs.connection().stateName()).isEqualTo(kept > 0 ? "SYNACK" : "SYN_RECV");
  }

  /** As in kernels before 6.1.192: the bound is left at three quarters, or below the lower one. */
  @ParameterizedTest
  @CsvSource({"4,0,2", "4,2,1", "4,4,3"})
  void theClassicServerTakesMoreBelowItsLowerBound(int upper, int lower, int clearedAt) {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.withFlavour(KernelFlavour.CLASSIC), 1);
    fleet.ipvs.addServer(Fleet.KEY, Fleet.spec(0).thresholds(upper, lower).build());
    assertBounds(fleet, upper, clearedAt);
  }

  /** Since 6.1.192: at the upper bound, and again one below the lower or three quarters. */
  @ParameterizedTest
  @CsvSource({"4,0,2", "4,2,1", "4,4,3", "8,0,5", "1,0,0"})
  void aServerTakesMoreBelowItsLowerBound(int upper, int lower, int clearedAt) {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS, 1);
    fleet.ipvs.addServer(Fleet.KEY, Fleet.spec(0).thresholds(upper, lower).build());
    assertBounds(fleet, upper, clearedAt);
  }

  private static void assertBounds(Fleet fleet, int upper, int clearedAt) {
    RealServer server = fleet.servers().get(0);
    for (int client = 0; client < upper; client++) {
      assertThat(server.isOverloaded()).as("%s connections", client).isFalse();
      assertThat(fleet.connect(client)).isZero();
    }
    assertThat(server.isOverloaded()).isTrue();
    assertThat(fleet.connect(99)).isEqualTo(-1);
    for (IpvsConnection connection : fleet.ipvs.connections()) {
      assertThat(server.isOverloaded())
          .as("%s connections", server.totalConnections())
          .isEqualTo(server.totalConnections() > clearedAt);
      fleet.ipvs.expire(connection);
    }
    assertThat(server.isOverloaded()).isFalse();
  }

  @Test
  void newBoundsAreHeededAtOnce() {
    Fleet fleet = Fleet.of("rr", 1);
    IntStream.range(0, 4).forEach(fleet::connect);
    RealServer server = fleet.servers().get(0);
    fleet.ipvs.editServer(Fleet.KEY, Fleet.spec(0).thresholds(4, 0).build());
    assertThat(server.isOverloaded()).isTrue();
    fleet.ipvs.editServer(Fleet.KEY, Fleet.spec(0).thresholds(5, 4).build());
    assertThat(server.isOverloaded()).as("between the bounds it stays").isTrue();
    fleet.ipvs.editServer(Fleet.KEY, Fleet.spec(0).thresholds(6, 5).build());
    assertThat(server.isOverloaded()).isFalse();
    fleet.ipvs.editServer(Fleet.KEY, Fleet.spec(0).thresholds(3, 0).build());
    assertThat(server.isOverloaded()).isTrue();
    fleet.ipvs.editServer(Fleet.KEY, Fleet.spec(0).build());
    assertThat(server.isOverloaded()).isFalse();
    assertThat(server.upperThreshold()).isZero();
  }

  /** For those who know when a kernel's timers fired. */
  @Test
  void timersThatMayNotFireWaitUntilTheyMay() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    IpvsConnection first = fleet.ipvs.connection();
    fleet.connect(2);
    fleet.ipvs.onlyExpiring(connection -> connection != first);
    fleet.sleep(70);
    assertThat(fleet.ipvs.connections()).containsExactly(first);
    assertThat(first.expiresInSeconds(fleet.clock.nowNs())).isZero();
    fleet.ipvs.onlyExpiring(connection -> true);
    fleet.ipvs.advance();
    assertThat(left(fleet)).isZero();
    assertThat(first.isLive()).isFalse();
  }

  @Test
  void aHeldConnectionThatIsUsedAgainLivesOn() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    fleet.ipvs.onlyExpiring(connection -> false);
    fleet.sleep(70);
    fleet.send(Fleet.packet(1, TcpFlags.ACK));
    fleet.ipvs.onlyExpiring(connection -> true);
    fleet.sleep(800);
    assertThat(left(fleet)).isEqualTo(1);
    fleet.sleep(101);
    assertThat(left(fleet)).isZero();
  }

  /** Each part of the tuple tells connections apart. */
  @Test
  void aConnectionIsOnlyThatOfItsWholeTuple() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    Packet own = Fleet.packet(1, TcpFlags.ACK);
    assertThat(fleet.ipvs.lookUp(own.copy()).exists()).isTrue();
    assertThat(fleet.ipvs.lookUp(own.copy().sourcePort(9)).exists()).isFalse();
    assertThat(fleet.ipvs.lookUp(own.copy().destinationPort(81)).exists()).isFalse();
    assertThat(fleet.ipvs.lookUp(own.copy().protocol(IpProtocol.UDP)).exists()).isFalse();
    assertThat(fleet.ipvs.lookUp(own.copy().source(IpAddress.parse("198.18.0.9"))).exists())
        .isFalse();
    assertThat(fleet.ipvs.lookUp(own.copy().destination(IpAddress.parse("10.96.0.2"))).exists())
        .isFalse();
    Packet back = answer(own, TcpFlags.ACK);
    assertThat(fleet.ipvs.fromServer(back.copy()).exists()).isTrue();
    assertThat(fleet.ipvs.fromServer(back.copy().sourcePort(80)).exists()).isFalse();
    assertThat(fleet.ipvs.fromServer(back.copy().destinationPort(9)).exists()).isFalse();
    assertThat(fleet.ipvs.fromServer(back.copy().protocol(IpProtocol.UDP)).exists()).isFalse();
    assertThat(fleet.ipvs.fromServer(back.copy().source(Fleet.server(3))).exists()).isFalse();
    assertThat(
            fleet.ipvs.fromServer(back.copy().destination(IpAddress.parse("198.18.0.9"))).exists())
        .isFalse();
    assertThat(fleet.ipvs.fromServer(back.copy().fragmentOffset(8)).exists()).isFalse();
    assertThat(fleet.ipvs.fromServer(back.copy().transportTruncated(true)).exists()).isFalse();
  }

  /** RST, then SYN, FIN and ACK decide; a segment with none of them closes (tcp_state_idx). */
  @ParameterizedTest
  @CsvSource({"0,CLOSE,10", "8,CLOSE,10", "4,CLOSE,10", "1,CLOSE_WAIT,60", "16,ESTABLISHED,900"})
  void aFlagDecidesTheNextState(int flags, String state, int seconds) {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    fleet.send(Fleet.packet(1, TcpFlags.ACK));
    fleet.send(Fleet.packet(1, flags));
    assertThat(fleet.ipvs.connection().stateName()).isEqualTo(state);
    assertThat(fleet.ipvs.connection().expiresInSeconds(fleet.clock.nowNs())).isEqualTo(seconds);
    assertThat(fleet.servers().get(0).activeConnections())
        .isEqualTo(state.equals("ESTABLISHED") ? 1 : 0);
  }

  /** A mark leads to a service of its family alone. */
  @Test
  void marksAreOfOneFamily() {
    ServiceKey six = new ServiceKey.Marked(IpFamily.IPV6, 7);
    Fleet fleet =
        new Fleet(ServiceSpec.builder(six).scheduler("rr").build(), IpvsSettings.DEFAULTS, 1);
    fleet.ipvs.addServer(six, ServerSpec.builder(IpAddress.parse("fd00:1::1"), 0).build());
    assertThat(fleet.ipvs.fromClient(Fleet.syn(1).mark(7), false)).isEqualTo(Disposition.PASS);
    assertThat(fleet.ipvs.serves(IpFamily.IPV4)).isFalse();
    assertThat(fleet.ipvs.serves(IpFamily.IPV6)).isTrue();
    fleet.ipvs.remove(six);
    assertThat(fleet.ipvs.serves(IpFamily.IPV6)).isFalse();
    Packet syn =
        new Packet()
            .addresses(IpAddress.parse("fd00:2::9"), IpAddress.parse("fd00:9::1"))
            .ports(4_000, 80)
            .tcpFlags(TcpFlags.SYN)
            .mark(7);
    assertThat(fleet.ipvs.fromClient(syn, false)).isEqualTo(Disposition.PASS);
  }

  /** sloppy_sctp lets data begin a connection, an ABORT never. */
  @ParameterizedTest
  @CsvSource({"0,1,true", "0,0,false", "1,0,true", "1,6,false", "0,10,false"})
  void onlyAnInitBeginsAnAssociationUnlessItIsSloppy(int sloppy, int chunk, boolean begins) {
    ServiceKey key = new ServiceKey.Virtual(IpProtocol.SCTP, Fleet.VIRTUAL, 80);
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(key).scheduler("rr").build(),
            IpvsSettings.DEFAULTS.with(IpvsSysctl.SLOPPY_SCTP, sloppy),
            1);
    fleet.ipvs.addServer(key, Fleet.spec(0).build());
    Packet packet =
        Fleet.packet(1, 0).protocol(IpProtocol.SCTP).payload(new byte[] {(byte) chunk, 0, 0, 4});
    assertThat(fleet.send(packet)).isEqualTo(begins ? 0 : -1);
  }

  /** FTP clients are kept for all ports, as their data connections use others. */
  @Test
  void aPersistentFtpServiceKeepsAClientForAllPorts() {
    ServiceKey ftp = new ServiceKey.Virtual(IpProtocol.TCP, Fleet.VIRTUAL, 21);
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(ftp).scheduler("rr").persistence(new Persistence(300, 32)).build(),
            IpvsSettings.DEFAULTS,
            1);
    fleet.ipvs.addServer(ftp, ServerSpec.builder(Fleet.server(0), 2_121).build());
    fleet.ipvs.addServer(ftp, ServerSpec.builder(Fleet.server(1), 2_121).build());
    int server = fleet.send(Fleet.syn(1).destinationPort(21));
    assertThat(fleet.ipvs.connection().serverPort()).isEqualTo(2_121);
    assertThat(fleet.send(Fleet.syn(1).destinationPort(5_000))).isEqualTo(server);
    assertThat(fleet.ipvs.connection().serverPort()).isEqualTo(5_000);
    assertThat(fleet.ipvs.connections())
        .filteredOn(IpvsConnection::isTemplate)
        .singleElement()
        .satisfies(
            template -> {
              assertThat(template.virtualPort()).isZero();
              assertThat(template.serverPort()).isZero();
            });
    RealServer used = fleet.ipvs.find(ftp).orElseThrow().servers().get(1 - server);
    assertThat(used.persistentConnections()).isEqualTo(1);
    fleet.clock.advanceTo(2_000 * VirtualClock.NS_PER_SECOND);
    fleet.ipvs.advance();
    assertThat(used.persistentConnections()).isZero();
  }
}
