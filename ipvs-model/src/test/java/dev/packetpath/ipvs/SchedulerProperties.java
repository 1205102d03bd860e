package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.packet.TcpFlags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for any servers: shares, steps, and whom no scheduler chooses. */
final class SchedulerProperties {
  private static final double CHI_SQUARE_P_001_DF_3 = 16.27;

  @Provide
  Arbitrary<String> schedulers() {
    return Arbitraries.of(
        "rr", "wrr", "lc", "wlc", "sed", "nq", "sh", "dh", "mh", "lblcr", "fo", "ovf", "twos");
  }

  @Property(tries = 300)
  void roundRobinGivesEachEligibleServerOneOfACycle(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 3) Integer> weights) {
    Fleet fleet = Fleet.of("rr", ints(weights));
    int eligible = (int) weights.stream().filter(weight -> weight > 0).count();
    Map<Integer, Integer> shares = shares(fleet, eligible * 3);
    for (int i = 0; i < weights.size(); i++) {
      if (eligible > 0) {
        assertThat(shares.getOrDefault(i, 0)).isEqualTo(weights.get(i) > 0 ? 3 : 0);
      }
    }
  }

  @Property(tries = 300)
  void weightedRoundRobinGivesEachServerItsWeightOfACycle(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 9) Integer> weights) {
    int sum = weights.stream().mapToInt(Integer::intValue).sum();
    Assume.that(sum > 0);
    int divisor = weights.stream().reduce(0, SchedulerProperties::gcd);
    Fleet fleet = Fleet.of("wrr", ints(weights));
    Map<Integer, Integer> shares = shares(fleet, 2 * sum / divisor);
    for (int i = 0; i < weights.size(); i++) {
      assertThat(shares.getOrDefault(i, 0)).isEqualTo(2 * weights.get(i) / divisor);
    }
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private static Map<Integer, Integer> shares(Fleet fleet, int connections) {
    Map<Integer, Integer> shares = new HashMap<>();
    for (int client = 0; client < connections; client++) {
      shares.merge(fleet.connect(client), 1, Integer::sum);
    }
    return shares;
  }

  private static int[] ints(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /** lblc is not among the schedulers: it uses a remembered server whatever its threshold. */
  @Property(tries = 300)
  void noSchedulerTakesARemovedServerOneOfWeightNoneOrAFullOne(
      @ForAll("schedulers") String scheduler, @ForAll @IntRange(max = 1_000_000) int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Fleet fleet = Fleet.of(scheduler);
    Map<Integer, ServerSpec> there = new HashMap<>();
    for (int step = 0; step < 60; step++) {
      int number = random.nextInt(6);
      int upper = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0;
      ServerSpec spec = Fleet.spec(number).weight(random.nextInt(4)).thresholds(upper, 0).build();
      int what = random.nextInt(8);
      if (what == 0 && !there.containsKey(number)) {
        fleet.ipvs.addServer(Fleet.KEY, spec);
        there.put(number, spec);
      } else if (what == 1 && there.containsKey(number)) {
        fleet.ipvs.editServer(Fleet.KEY, spec);
        there.put(number, spec);
      } else if (what == 2 && there.remove(number) != null) {
        fleet.remove(number);
      } else {
        List<RealServer> full =
            fleet.servers().stream()
                .filter(
                    server ->
                        server.upperThreshold() > 0
                            && server.totalConnections() >= server.upperThreshold())
                .toList();
        int chosen = fleet.connect(seed % 1000 + step);
        if (chosen >= 0) {
          assertThat(there).containsKey(chosen);
          assertThat(there.get(chosen).weight()).isPositive();
          assertThat(full).extracting(RealServer::address).doesNotContain(Fleet.server(chosen));
        }
      }
    }
  }

  @Property(tries = 20)
  void maglevMovesLittleMoreThanTheRemovedServersShare(
      @ForAll @IntRange(min = 3, max = 20) int servers, @ForAll @IntRange(max = 19) int victim) {
    Assume.that(victim < servers);
    int clients = 2_000;
    Fleet fleet = Fleet.of("mh", ints(java.util.Collections.nCopies(servers, 1)));
    List<Integer> before = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      before.add(fleet.connect(client));
    }
    fleet.remove(victim);
    int moved = 0;
    for (int client = 0; client < clients; client++) {
      int after = fleet.send(Fleet.syn(client).sourcePort(62_000));
      assertThat(after).isNotEqualTo(victim);
      moved += after == before.get(client) || before.get(client) == victim ? 0 : 1;
    }
    assertThat(moved).as("of the other servers' clients").isLessThan(clients / 5);
  }

  @Property(tries = 50)
  void thresholdsHoldBetweenTheLowerAndTheUpperOne(
      @ForAll @IntRange(min = 1, max = 20) int upper, @ForAll @IntRange(max = 20) int lower) {
    Assume.that(lower <= upper);
    Fleet fleet = Fleet.of("rr");
    fleet.ipvs.addServer(Fleet.KEY, Fleet.spec(0).thresholds(upper, lower).build());
    for (int client = 0; client < upper; client++) {
      assertThat(fleet.connect(client)).isZero();
    }
    assertThat(fleet.connect(upper)).isEqualTo(-1);
    int clears = lower > 0 ? lower : upper - upper / 4;
    List<IpvsConnection> open = fleet.ipvs.connections();
    for (int left = upper; left > 0; left--) {
      boolean full = fleet.servers().get(0).isOverloaded();
      assertThat(full).as("%s connections left", left).isEqualTo(left >= clears);
      fleet.ipvs.expire(open.get(left - 1));
    }
  }

  /** The newest server of the list has one share more, as both ends of the draw are included. */
  @Test
  void twoChoicesDrawByWeightWithOneShareMoreForTheNewest() {
    int[] weights = {4, 3, 2, 1};
    int[] shares = {4, 3, 2, 2};
    int rounds = 20_000;
    int[] seen = new int[weights.length];
    // With equal loads the first draw decides: no connection lasts.
    for (int round = 0; round < rounds; round++) {
      Fleet fleet =
          new Fleet(
              ServiceSpec.builder(Fleet.KEY).scheduler("twos").build(),
              IpvsSettings.DEFAULTS,
              round);
      for (int i = 0; i < weights.length; i++) {
        fleet.add(i, weights[i]);
      }
      seen[fleet.connect(1)]++;
    }
    double chiSquare = 0;
    for (int i = 0; i < shares.length; i++) {
      double expected = rounds * shares[i] / 11.0;
      chiSquare += (seen[i] - expected) * (seen[i] - expected) / expected;
    }
    assertThat(chiSquare).isLessThan(CHI_SQUARE_P_001_DF_3);
  }

  @Test
  void ofTwoChoicesTheLighterOneWins() {
    Fleet fleet = Fleet.of("twos", 1, 1, 1, 1);
    Map<Integer, Integer> shares = shares(fleet, 400);
    assertThat(shares.values()).allSatisfy(share -> assertThat(share).isBetween(90, 110));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "dh", "mh"})
  void hashingLooksAtOneSlotWhateverTheServers(String scheduler) {
    for (int servers : new int[] {1, 10, 200}) {
      assertThat(stepsOfOneConnection(scheduler, servers)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rr", "wrr"})
  void takingTurnsIsOneStepOnAverageWhileAllAreEligible(String scheduler) {
    for (int servers : new int[] {1, 10, 200}) {
      Fleet fleet = Fleet.of(scheduler, ints(java.util.Collections.nCopies(servers, 1)));
      shares(fleet, 2 * servers);
      assertThat(fleet.count("ipvsSchedulerStep")).isLessThanOrEqualTo(2L * servers + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lc", "wlc", "sed", "nq", "fo", "ovf", "lblc", "lblcr"})
  void comparingLooksAtEachServer(String scheduler) {
    assertThat(stepsOfOneConnection(scheduler, 10)).isEqualTo(scheduler.equals("nq") ? 1 : 10);
    assertThat(stepsOfOneConnection(scheduler, 200)).isEqualTo(scheduler.equals("nq") ? 1 : 200);
  }

  @Test
  void neverQueueLooksAtEachServerWhenNoneIsIdle() {
    Fleet fleet = Fleet.of("nq", ints(java.util.Collections.nCopies(50, 1)));
    shares(fleet, 50);
    fleet.work.clear();
    fleet.connect(99);
    assertThat(fleet.count("ipvsSchedulerStep")).isEqualTo(50);
  }

  private static long stepsOfOneConnection(String scheduler, int servers) {
    Fleet fleet = Fleet.of(scheduler, ints(java.util.Collections.nCopies(servers, 1)));
    fleet.send(Fleet.packet(1, TcpFlags.SYN));
    return fleet.count("ipvsSchedulerStep");
  }
}
