package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.ipvs.scheduler.Schedulers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SchedulersTest {
  private static List<Integer> turns(Fleet fleet, int count) {
    return IntStream.range(0, count).map(fleet::connect).boxed().toList();
  }

  @Test
  void thereAreAllOfTheKernels() {
    assertThat(Schedulers.names())
        .containsExactlyInAnyOrder(
            "rr", "wrr", "lc", "wlc", "sed", "nq", "sh", "dh", "mh", "lblc", "lblcr", "fo", "ovf",
            "twos");
    assertThatThrownBy(() -> ServiceSpec.builder(Fleet.KEY).scheduler("wr"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown scheduler \"wr\"");
  }

  @Test
  void roundRobinWalksTheNewestFirst() {
    assertThat(turns(Fleet.of("rr", 1, 1, 1), 6)).containsExactly(2, 1, 0, 2, 1, 0);
  }

  @Test
  void roundRobinStepsBackWhenItsServerIsRemoved() {
    Fleet fleet = Fleet.of("rr", 1, 1, 1, 1);
    assertThat(turns(fleet, 2)).containsExactly(3, 2);
    fleet.remove(2);
    assertThat(IntStream.range(2, 5).map(fleet::connect).boxed()).containsExactly(1, 0, 3);
    fleet.remove(3);
    assertThat(IntStream.range(5, 7).map(fleet::connect).boxed()).containsExactly(1, 0);
  }

  /** The weights are those of the servers from the head of the list, added last, on. */
  @ParameterizedTest
  @CsvSource({
    "3 2 1, 0 0 1 0 1 2",
    "1 2 4, 2 2 1 2 0 1 2",
    "10 20 30, 2 1 2 0 1 2",
    "5 0 1, 0 0 0 0 0 2"
  })
  void weightedRoundRobin(String weights, String expected) {
    int[] fromHead = IntStream.of(numbers(weights)).toArray();
    int last = fromHead.length - 1;
    Fleet fleet =
        Fleet.of("wrr", IntStream.range(0, fromHead.length).map(i -> fromHead[last - i]).toArray());
    int turns = numbers(expected).length;
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < turns * 4; i++) {
      seen.append(last - fleet.connect(i)).append(' ');
    }
    // A server that is added does not begin the round anew, so the first one may be shorter.
    assertThat(seen.toString()).contains((expected + ' ').repeat(3));
  }

  @Test
  void weightedRoundRobinPassesOverRoundsThatNoServerIsFoundIn() {
    long heaviest = Integer.MAX_VALUE;
    Fleet fleet = Fleet.of("wrr", 1);
    fleet.ipvs.addServer(Fleet.KEY, Fleet.spec(1).weight((int) heaviest).thresholds(1, 0).build());
    assertThat(turns(fleet, 3)).containsExactly(1, 0, 0);
    long firstRound = 2;
    long vainRounds = 2 * (heaviest - 1);
    long lastRound = 2;
    assertThat(fleet.work.count(IpvsOperations.SCHEDULER_STEP))
        .isEqualTo(firstRound + vainRounds + lastRound);
  }

  private static int[] numbers(String text) {
    return List.of(text.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
  }

  @Test
  void maglevFillsItsTableAsTheKernelDoes() {
    Fleet fleet = Fleet.of("mh");
    ServiceKey key = Fleet.KEY;
    for (int i = 1; i <= 3; i++) {
      fleet.ipvs.addServer(
          key,
          ServerSpec.builder(IpAddress.parse("10.244.1." + i), 8080)
              .weight(i == 1 ? 2 : 1)
              .build());
    }
    // Slots 3711 and 1884 of clients 10.0.0.1 and 10.0.0.2 are recorded in ipvs-a; counts are not.
    int[] count = new int[4];
    for (int client = 0; client < 40_000; client++) {
      fleet.decisions.startPacket(client);
      fleet.ipvs.fromClient(Fleet.syn(client), false);
      count[fleet.ipvs.connection().serverAddress().ipv4Bits() & 0xff]++;
    }
    assertThat(count[1]).isBetween(19_300, 20_700);
    assertThat(count[2]).isBetween(9_500, 10_500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "mh"})
  void aHashKeepsAClientOnItsServer(String scheduler) {
    Fleet fleet = Fleet.of(scheduler, 1, 2, 3);
    for (int client = 0; client < 200; client++) {
      Packet again = Fleet.syn(client).sourcePort(50_000);
      assertThat(fleet.send(again)).isEqualTo(fleet.connect(client));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "mh"})
  void withThePortAClientIsSpread(String scheduler) {
    Fleet fleet =
        new Fleet(
            ServiceSpec.builder(Fleet.KEY).scheduler(scheduler).flag(SchedulerFlag.FLAG_2).build(),
            IpvsSettings.DEFAULTS,
            1);
    IntStream.range(0, 4).forEach(i -> fleet.add(i, 1));
    Set<Integer> servers = new HashSet<>();
    for (int port = 1024; port < 1100; port++) {
      servers.add(fleet.send(Fleet.syn(7).sourcePort(port)));
    }
    assertThat(servers).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "mh"})
  void aQuietServerCostsItsClientsTheirConnectionsUnlessThereIsAFallback(String scheduler) {
    Fleet strict = Fleet.of(scheduler, 1, 1);
    Fleet falling =
        new Fleet(
            ServiceSpec.builder(Fleet.KEY).scheduler(scheduler).flag(SchedulerFlag.FLAG_1).build(),
            IpvsSettings.DEFAULTS,
            1);
    falling.add(0, 1);
    falling.add(1, 1);
    strict.weigh(1, 0);
    falling.weigh(1, 0);
    List<Integer> refused = new ArrayList<>();
    for (int client = 0; client < 100; client++) {
      if (strict.connect(client) < 0) {
        refused.add(client);
      }
      assertThat(falling.connect(client)).isZero();
    }
    assertThat(refused.size()).isBetween(30, 70);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rr", "wrr", "lc", "wlc", "sed", "nq", "sh", "dh", "mh", "lblc", "lblcr", "fo", "ovf",
        "twos"
      })
  void withoutServersThereIsNone(String scheduler) {
    Fleet fleet = Fleet.of(scheduler);
    assertThat(fleet.connect(1)).isEqualTo(-1);
    fleet.add(0, 1);
    assertThat(fleet.connect(2)).isZero();
    fleet.weigh(0, 0);
    assertThat(fleet.connect(3)).isEqualTo(-1);
    fleet.remove(0);
    assertThat(fleet.connect(4)).isEqualTo(-1);
  }

  @Test
  void leastConnectionCountsActiveConnectionsMore() {
    Fleet fleet = Fleet.of("lc", 1, 1);
    assertThat(fleet.connect(1)).isEqualTo(1);
    fleet.send(Fleet.packet(1, TcpFlags.FIN | TcpFlags.ACK));
    assertThat(fleet.connect(2)).isZero();
    // Server 1 has one inactive connection, server 0 one active.
    assertThat(fleet.connect(3)).isEqualTo(1);
  }

  @Test
  void neverQueueTakesTheFirstIdleServer() {
    assertThat(turns(Fleet.of("nq", 1, 1, 9), 5)).containsExactly(2, 1, 0, 2, 2);
  }

  @Test
  void shortestDelayFollowsTheWeights() {
    assertThat(turns(Fleet.of("sed", 1, 3), 4)).containsExactly(1, 1, 1, 0);
  }

  @Test
  void failoverTakesTheHeaviest() {
    Fleet fleet = Fleet.of("fo", 3, 9, 9);
    assertThat(turns(fleet, 3)).containsExactly(2, 2, 2);
    fleet.weigh(2, 1);
    assertThat(fleet.connect(9)).isEqualTo(1);
  }

  @Test
  void overflowGoesOnWhenAServerHasMoreConnectionsThanWeight() {
    assertThat(turns(Fleet.of("ovf", 1, 2), 6)).containsExactly(1, 1, 1, 0, 0, -1);
  }

  @Test
  void localityRemembersTheServerOfADestination() {
    Fleet fleet = new Fleet(marked("lblc"), IpvsSettings.DEFAULTS, 1);
    addMarked(fleet, 2);
    int first = sendTo(fleet, 1, 1);
    assertThat(sendTo(fleet, 2, 1)).isEqualTo(first);
    assertThat(sendTo(fleet, 3, 2)).isNotEqualTo(first);
    assertThat(sendTo(fleet, 4, 1)).isEqualTo(first);
  }

  @Test
  void localityLeavesABusyServerForOneThatIsHalfIdle() {
    Fleet fleet = new Fleet(marked("lblc"), IpvsSettings.DEFAULTS, 1);
    addMarked(fleet, 3);
    int first = sendTo(fleet, 0, 1);
    for (int i = 1; i < 4; i++) {
      assertThat(sendTo(fleet, i, 1)).isEqualTo(first);
    }
    assertThat(sendTo(fleet, 9, 1)).isNotEqualTo(first);
  }

  @Test
  void replicationLetsABusyDestinationHaveMoreServersAndLessWithTime() {
    Fleet fleet = new Fleet(marked("lblcr"), IpvsSettings.DEFAULTS, 1);
    addMarked(fleet, 3);
    Set<Integer> servers = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      servers.add(sendTo(fleet, i, 1));
    }
    assertThat(servers).hasSize(2);
    int day = 24 * 60 * 60;
    fleet.sleep(day / 2);
    sendTo(fleet, 50, 1);
    fleet.sleep(day / 2 + 10);
    sendTo(fleet, 51, 1);
    sendTo(fleet, 52, 1);
    Set<Integer> later = new HashSet<>();
    fleet.sleep(1_000);
    for (int i = 60; i < 63; i++) {
      later.add(sendTo(fleet, i, 1));
    }
    assertThat(later).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lblc", "lblcr"})
  void anUnusedDestinationIsForgottenAfterADay(String scheduler) {
    Fleet fleet = new Fleet(marked(scheduler), IpvsSettings.DEFAULTS, 1);
    addMarked(fleet, 2);
    sendTo(fleet, 1, 9);
    assertThat(sendTo(fleet, 2, 1)).isZero();
    int day = 24 * 60 * 60;
    fleet.sleep(day - 60);
    assertThat(sendTo(fleet, 3, 1)).as("remembered").isZero();
    fleet.sleep(day + 40 * 60);
    assertThat(sendTo(fleet, 4, 1)).as("of the least loaded the newest").isEqualTo(1);
  }

  private static ServiceSpec marked(String scheduler) {
    return ServiceSpec.builder(new ServiceKey.Marked(IpFamily.IPV4, 5))
        .scheduler(scheduler)
        .build();
  }

  private static void addMarked(Fleet fleet, int weight) {
    for (int i = 0; i < 2; i++) {
      fleet.ipvs.addServer(
          new ServiceKey.Marked(IpFamily.IPV4, 5),
          ServerSpec.builder(Fleet.server(i), 0).weight(weight).build());
    }
  }

  private static int sendTo(Fleet fleet, int client, int destination) {
    return fleet.send(
        Fleet.syn(client).destination(IpAddress.ipv4(0x0A61_0000 + destination)).mark(5));
  }

  @Test
  void destinationHashingFollowsTheDestinationAndHeedsWeightsOnlyWhereTheyAreNone() {
    Fleet fleet = new Fleet(marked("dh"), IpvsSettings.DEFAULTS, 1);
    addMarked(fleet, 1);
    Set<Integer> servers = new HashSet<>();
    for (int destination = 0; destination < 50; destination++) {
      int server = sendTo(fleet, destination, destination);
      assertThat(sendTo(fleet, 1_000 + destination, destination)).isEqualTo(server);
      servers.add(server);
    }
    assertThat(servers).containsExactlyInAnyOrder(0, 1);
  }

  private static List<Integer> serversOfClients(Fleet fleet, int fromPort) {
    return IntStream.range(0, 300)
        .map(client -> fleet.send(Fleet.syn(client).sourcePort(fromPort)))
        .boxed()
        .toList();
  }

  /** ip_vs_mh_reassign: -EINVAL, which is not heeded when a server is added. */
  @Test
  void aMaglevTableStaysAsItWasWhenThereAreMoreServersThanSlots() {
    Fleet fleet = Fleet.of("rr", new int[4_090]);
    IntStream.range(4_090, 4_093).forEach(server -> fleet.add(server, 1));
    fleet.ipvs.edit(ServiceSpec.builder(Fleet.KEY).scheduler("mh").build());
    List<Integer> full = serversOfClients(fleet, 1_001);
    assertThat(full).containsOnly(4_090, 4_091, 4_092);
    fleet.add(4_093, 1);
    assertThat(serversOfClients(fleet, 1_002)).isEqualTo(full);
    fleet.remove(0);
    assertThat(serversOfClients(fleet, 1_003)).contains(4_093);
  }

  @Test
  void maglevDoesNotStartWithMoreServersThanSlots() {
    Fleet fleet = Fleet.of("rr", new int[4_093]);
    fleet.add(4_093, 1);
    ServiceSpec maglev = ServiceSpec.builder(Fleet.KEY).scheduler("mh").build();
    assertThatThrownBy(() -> fleet.ipvs.edit(maglev))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mh takes at most 4093 servers, found 4094");
    assertThat(fleet.connect(1)).isEqualTo(4_093);
    assertThat(fleet.ipvs.services().get(0).spec().scheduler()).isEqualTo("rr");
    fleet.remove(0);
    fleet.ipvs.edit(maglev);
    assertThat(fleet.connect(2)).isEqualTo(4_093);
  }

  @Test
  void theClockIsTheCallers() {
    Fleet fleet = Fleet.of("rr", 1);
    assertThat(fleet.connect(1)).isZero();
    fleet.clock.advanceTo(61 * VirtualClock.NS_PER_SECOND);
    fleet.ipvs.advance();
    assertThat(fleet.ipvs.connectionCount()).isZero();
    assertThat(fleet.ipvs.find(new ServiceKey.Virtual(IpProtocol.UDP, Fleet.VIRTUAL, 80)))
        .isEmpty();
  }
}
