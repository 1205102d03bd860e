package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of connections and servers when services, servers and settings change. */
final class IpvsChangesTest {
  private static final ServiceSpec SERVICE = ServiceSpec.builder(Fleet.KEY).scheduler("rr").build();
  private static final ServiceKey OTHER = new ServiceKey.Virtual(IpProtocol.UDP, Fleet.VIRTUAL, 53);

  static Stream<Map.Entry<String, Consumer<Fleet>>> changes() {
    return Map.<String, Consumer<Fleet>>of(
        "add", fleet -> fleet.ipvs.add(ServiceSpec.builder(OTHER).build()),
        "edit", fleet -> fleet.ipvs.edit(SERVICE),
        "remove", fleet -> fleet.ipvs.remove(Fleet.KEY),
        "addServer", fleet -> fleet.add(5, 1),
        "editServer", fleet -> fleet.weigh(0, 3),
        "removeServer", fleet -> fleet.remove(0),
        "settings", fleet -> fleet.ipvs.settings(IpvsSettings.DEFAULTS),
        "a client's packet", fleet -> fleet.send(Fleet.syn(9).destinationPort(81)),
        "a server's packet", fleet -> fleet.ipvs.fromServer(Fleet.syn(9)))
        .entrySet()
        .stream();
  }

  /** A half-open connection has 60 s. */
  @ParameterizedTest
  @MethodSource("changes")
  void whatIsOverEndsFirst(Map.Entry<String, Consumer<Fleet>> change) {
    Fleet fleet = Fleet.of("rr", 1, 1);
    fleet.connect(1);
    fleet.clock.advanceTo(59 * VirtualClock.NS_PER_SECOND);
    fleet.ipvs.advance();
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(1);
    fleet.clock.advanceTo(60 * VirtualClock.NS_PER_SECOND);
    change.getValue().accept(fleet);
    assertThat(fleet.ipvs.connectionCount()).as(change.getKey()).isZero();
  }

  @Test
  void aRemovedServiceHasNoServersAnyMore() {
    Fleet fleet = Fleet.of("sh", 1, 1);
    VirtualService service = fleet.ipvs.find(Fleet.KEY).orElseThrow();
    fleet.connect(1);
    RealServer server = fleet.ipvs.connection().server();
    fleet.ipvs.remove(Fleet.KEY);
    assertThat(service.servers()).isEmpty();
    assertThat(service.size()).isZero();
    assertThat(server.isAvailable()).isFalse();
    assertThat(fleet.connect(2)).isEqualTo(-1);
  }

  /** __ip_vs_del_service: the scheduler lets go of its servers, and they go to the trash. */
  @ParameterizedTest
  @CsvSource({"170,true", "181,false"})
  void serversOfARemovedServiceComeBackWithinThreeMinutes(int seconds, boolean sameServer) {
    Fleet fleet = Fleet.of("sh", 1);
    RealServer before = fleet.servers().get(0);
    fleet.ipvs.remove(Fleet.KEY);
    fleet.sleep(seconds);
    fleet.ipvs.add(SERVICE);
    fleet.add(0, 1);
    assertThat(fleet.servers().get(0) == before).isEqualTo(sameServer);
  }

  @ParameterizedTest
  @CsvSource({"sh", "dh", "mh", "lblc", "lblcr"})
  void aSchedulerThatGivesWayLetsGoOfItsServers(String scheduler) {
    Fleet fleet = Fleet.of(scheduler, 1);
    fleet.connect(1);
    fleet.ipvs.expire(fleet.ipvs.connection());
    fleet.ipvs.edit(SERVICE);
    RealServer before = fleet.servers().get(0);
    assertThat(before.isReferenced()).isFalse();
    fleet.remove(0);
    fleet.sleep(181);
    fleet.add(0, 1);
    assertThat(fleet.servers().get(0)).isNotSameAs(before);
  }

  /** A table of a hash holds its servers only while they are on the list. */
  @ParameterizedTest
  @CsvSource({"sh", "dh", "mh"})
  void aRemovedServerHasNoSlots(String scheduler) {
    Fleet fleet = Fleet.of(scheduler, 1, 1);
    fleet.connect(1);
    fleet.ipvs.expire(fleet.ipvs.connection());
    RealServer removed = fleet.servers().get(1);
    assertThat(removed.isReferenced()).isTrue();
    fleet.remove(0);
    assertThat(removed.isReferenced()).isFalse();
    assertThat(fleet.connect(2)).isEqualTo(1);
  }

  @Test
  void withAServiceItsConnectionsMayGo() {
    Fleet fleet =
        new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.EXPIRE_NODEST_CONN, 1), 1);
    fleet.add(0, 1);
    fleet.connect(1);
    fleet.ipvs.remove(Fleet.KEY);
    fleet.ipvs.advance();
    assertThat(fleet.ipvs.connectionCount()).isZero();
  }

  /** The flush is work of the kernel's next tick. */
  @Test
  void connectionsOfARemovedServerGoWithTheNextTick() {
    IpvsSettings settings =
        IpvsSettings.DEFAULTS.with(IpvsSysctl.EXPIRE_NODEST_CONN, 1).withTicksPerSecond(100);
    Fleet fleet = new Fleet(SERVICE, settings, 1);
    fleet.add(0, 1);
    fleet.connect(1);
    fleet.remove(0);
    fleet.ipvs.advance();
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(1);
    fleet.clock.advanceTo(VirtualClock.NS_PER_SECOND / 100);
    fleet.ipvs.advance();
    assertThat(fleet.ipvs.connectionCount()).isZero();
  }

  /** ip_vs_expire_nodest_conn_flush: a template goes with the last connection that it controls. */
  @Test
  void theTemplateOfARemovedServerGoesWithItsConnections() {
    ServiceSpec persistent =
        ServiceSpec.builder(Fleet.KEY)
            .scheduler("rr")
            .persistence(new Persistence(300, 32))
            .build();
    Fleet fleet =
        new Fleet(persistent, IpvsSettings.DEFAULTS.with(IpvsSysctl.EXPIRE_NODEST_CONN, 1), 1);
    fleet.add(0, 1);
    fleet.connect(1);
    fleet.send(Fleet.syn(1).sourcePort(2_000));
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(3);
    fleet.remove(0);
    fleet.ipvs.advance();
    assertThat(fleet.ipvs.connectionCount()).isZero();
  }

  @Test
  void withoutTheSettingConnectionsOfRemovedServersAreDeadButThere() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    fleet.remove(0);
    fleet.add(1, 1);
    assertThat(fleet.ipvs.fromClient(Fleet.packet(1, TcpFlags.ACK), false))
        .isEqualTo(Disposition.DROP);
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(1);
    assertThat(fleet.connect(2)).isEqualTo(1);
  }

  @Test
  void aServerMayNotBecomeOneOfAnotherFamilyWithoutATunnel() {
    Fleet fleet = Fleet.of("rr");
    ServerSpec.Builder server = ServerSpec.builder(IpAddress.parse("fd00::1"), 80);
    fleet.ipvs.addServer(Fleet.KEY, server.method(Method.TUNNEL).build());
    assertThatThrownBy(
            () -> fleet.ipvs.editServer(Fleet.KEY, server.method(Method.MASQUERADE).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of another family");
    fleet.ipvs.editServer(Fleet.KEY, server.method(Method.TUNNEL).weight(7).build());
    assertThat(fleet.servers().get(0).weight()).isEqualTo(7);
  }

  /** A packet counts for its server while that is on the list. */
  @Test
  void aServersCountsStopWithItsRemoval() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    RealServer server = fleet.servers().get(0);
    fleet.remove(0);
    Packet answer =
        new Packet()
            .source(Fleet.server(0))
            .sourcePort(8080)
            .destination(Fleet.syn(1).source())
            .destinationPort(Fleet.syn(1).sourcePort())
            .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
    assertThat(fleet.ipvs.fromServer(answer).exists()).isTrue();
    assertThat(server.traffic().outPackets()).isZero();
    assertThat(server.traffic().inPackets()).isEqualTo(1);
    assertThat(fleet.ipvs.total().inPackets()).isEqualTo(1);
    assertThat(fleet.ipvs.total().inBytes()).isEqualTo(40);
    assertThat(fleet.ipvs.services().get(0).traffic().inBytes()).isEqualTo(40);
  }

  /** ip_vs_out restarts the timer as ip_vs_in does. */
  @Test
  void anAnswerKeepsAConnectionAlive() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    fleet.sleep(50);
    Packet answer =
        new Packet()
            .source(Fleet.server(0))
            .sourcePort(8080)
            .destination(Fleet.syn(1).source())
            .destinationPort(Fleet.syn(1).sourcePort())
            .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
    fleet.ipvs.fromServer(answer);
    fleet.sleep(50);
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(1);
    fleet.sleep(11);
    assertThat(fleet.ipvs.connectionCount()).isZero();
  }

  /** Mode 2 replaces a half-closed connection too, of a server whose answers go another way. */
  @ParameterizedTest
  @CsvSource({"DIRECT_ROUTING,1,1", "DIRECT_ROUTING,2,0", "DIRECT_ROUTING,3,0", "MASQUERADE,2,1"})
  void aHalfClosedConnectionIsReplacedInModeTwo(Method method, int mode, int second) {
    Fleet fleet =
        new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.CONN_REUSE_MODE, mode), 1);
    fleet.ipvs.addServer(Fleet.KEY, Fleet.spec(0).method(method).build());
    fleet.ipvs.addServer(Fleet.KEY, Fleet.spec(1).method(method).build());
    assertThat(fleet.connect(1)).isEqualTo(1);
    fleet.send(Fleet.packet(1, TcpFlags.ACK));
    if (method == Method.MASQUERADE) {
      Packet fin = Fleet.packet(1, TcpFlags.FIN);
      fleet.ipvs.fromServer(
          fin.copy()
              .source(Fleet.server(1))
              .sourcePort(8080)
              .destination(fin.source())
              .destinationPort(fin.sourcePort()));
    } else {
      fleet.send(Fleet.packet(1, TcpFlags.FIN));
    }
    assertThat(fleet.ipvs.connection().stateName()).isEqualTo("FIN_WAIT");
    assertThat(fleet.connect(1)).isEqualTo(second);
  }

  /** uses_ct and is_new_conn of ip_vs_in: weight 0 ends a connection at its next SYN alone. */
  @ParameterizedTest
  @CsvSource({"0,0", "1,1"})
  void aSynLeavesAQuietServerWithExpireNodestConn(int setting, int server) {
    Fleet fleet =
        new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.EXPIRE_NODEST_CONN, setting), 1);
    fleet.add(0, 1);
    fleet.connect(1);
    fleet.add(1, 1);
    fleet.weigh(0, 0);
    assertThat(fleet.send(Fleet.packet(1, TcpFlags.ACK))).isZero();
    assertThat(fleet.send(Fleet.syn(1))).isEqualTo(server);
  }

  /** A connection under a template is never replaced by conn_reuse_mode. */
  @Test
  void aConnectionOfATemplateIsNotReplaced() {
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(Fleet.KEY)
                .scheduler("rr")
                .persistence(new Persistence(300, 32))
                .build(),
            IpvsSettings.DEFAULTS,
            1);
    fleet.add(0, 1);
    fleet.connect(1);
    IpvsConnection first = fleet.ipvs.connection();
    fleet.send(Fleet.packet(1, TcpFlags.ACK));
    fleet.send(Fleet.packet(1, TcpFlags.RST));
    assertThat(first.stateName()).isEqualTo("CLOSE");
    fleet.connect(1);
    assertThat(fleet.ipvs.connection()).isSameAs(first);
  }

  @Test
  void theSizeOfTheTableStaysWhateverTheSettings() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.withTableBits(9), 1);
    assertThat(fleet.ipvs.tableSize()).isEqualTo(512);
    fleet.ipvs.settings(fleet.ipvs.settings().withTableBits(10));
    assertThat(fleet.ipvs.tableSize()).isEqualTo(512);
    assertThat(fleet.ipvs.settings().tableBits()).isEqualTo(10);
  }

  @Test
  void connectionsAreListedByAgeAndByBucket() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.withTableBits(8), 1);
    fleet.add(0, 1);
    for (int client = 0; client < 600; client++) {
      fleet.connect(client);
    }
    List<IpvsConnection> byAge = fleet.ipvs.connections();
    assertThat(byAge).extracting(IpvsConnection::number).isSorted().hasSize(600);
    List<IpvsConnection> byBucket = fleet.ipvs.connectionsByBucket();
    assertThat(byBucket).containsExactlyInAnyOrderElementsOf(byAge);
    ConnectionTable table = new ConnectionTable(8, fleet.work);
    List<Integer> buckets =
        byBucket.stream()
            .map(
                one ->
                    table.bucketOf(
                        IpFamily.IPV4,
                        one.protocol(),
                        0,
                        one.clientAddress().low(),
                        one.clientPort()))
            .toList();
    assertThat(buckets).isSorted();
    for (int i = 1; i < buckets.size(); i++) {
      if (buckets.get(i).equals(buckets.get(i - 1))) {
        assertThat(byBucket.get(i).number()).isLessThan(byBucket.get(i - 1).number());
      }
    }
  }
}
