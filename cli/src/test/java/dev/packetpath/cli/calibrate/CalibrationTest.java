package dev.packetpath.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.compare.work.PathCosts;
import dev.packetpath.compare.work.PathWork;
import dev.packetpath.core.cost.CostModel;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.io.IOException;
import java.io.StringReader;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A kernel whose costs are known is calibrated, and the costs come out again. */
final class CalibrationTest {
  private static final double PACKET_NS = 2_000;
  private static final double CONNECT_NS = 18_000;
  private static final double RULE_NS = 4;
  private static final List<Integer> COUNTS = List.of(10, 100, 1_000);
  private static final Profile TRUTH = Profiles.shipped("linux-6.18");

  private static final PathCosts PATHS = new PathCosts();

  private static Profile found;
  private static Measurements measurements;

  @BeforeAll
  static void calibrate() throws IOException {
    Calibration calibration = new Calibration(5, COUNTS, true);
    measurements = measure(calibration);
    found = calibration.profile(measurements, TRUTH, "here", "a machine", "Linux");
  }

  @Test
  void theLanguageOfTheMachineChangesNoNumberOfTheReport() {
    Machine machine = new Machine("a processor", 2, "", "Linux");
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(new CalibrationReport(machine, measurements, found).text())
          .contains("s to restore\n", " 0.320 ")
          .doesNotContainPattern("\\d,\\d");
    } finally {
      Locale.setDefault(before);
    }
  }

  private static Measurements measure(Calibration calibration) throws IOException {
    ImmutableMap.Builder<String, Samples> packets = ImmutableMap.builder();
    for (PacketCase measured : calibration.plan().packets()) {
      packets.put(measured.name(), Samples.of(List.of(packetNs(measured))));
    }
    ImmutableMap.Builder<String, ImmutableList<Samples>> connections = ImmutableMap.builder();
    for (ConnectionCase measured : ConnectionCases.all()) {
      double ns = CONNECT_NS + cost(ConnectionWork.through(measured.ruleset()).work());
      connections.put(measured.name(), ImmutableList.of(Samples.of(List.of(ns))));
    }
    for (int count : COUNTS) {
      ServiceConnections cluster = ServiceConnections.of(Calibration.VERSION, count);
      ImmutableList.Builder<Samples> times = ImmutableList.builder();
      for (int place : cluster.places()) {
        double ns =
            serviceNs(Calibration.VERSION, count)
                + RULE_NS * (cluster.rulesTo(place) - cluster.rules().mean());
        times.add(Samples.of(List.of(ns)));
      }
      connections.put(cluster.connections().name(), times.build());
    }
    return new Measurements(
        packets.buildOrThrow(),
        connections.buildOrThrow(),
        ImmutableMap.of("1000 Services", Samples.of(List.of(0.32022))));
  }

  private static double packetNs(PacketCase measured) throws IOException {
    if (measured.equals(PacketCases.NFT_RULE)) {
      return packetNs(PacketCases.NFT) + PacketCases.TIMES * price("nftRuleEvaluated");
    }
    if (measured.equals(PacketCases.NFT_MAP)) {
      return packetNs(PacketCases.NFT)
          + PacketCases.TIMES * (price("nftRuleEvaluated") + price("nftMapLookup"));
    }
    return PACKET_NS
        + cost(PacketWork.of(measured))
        - (measured.equals(PacketCases.CONNECTED) ? price("routeLookup") : 0);
  }

  private static double serviceNs(KubeVersion version, int services) {
    PathWork work = ConnectPrediction.work(PATHS, version, services);
    return CONNECT_NS + cost(work.opening()) + cost(work.handshake());
  }

  private static double price(String operation) {
    return TRUTH.costs().operations().get(operation).ns();
  }

  private static double cost(Map<String, ? extends Number> work) {
    return TRUTH.costs().costAt(work, RULE_NS).totalNs();
  }

  @Test
  void whatIsToldApartComesOut() {
    for (String operation :
        List.of(
            "routeLookup",
            "matchCall",
            "ruleMatched",
            "targetCall",
            "natRewrite",
            "nftRuleEvaluated",
            "nftMapLookup")) {
      assertThat(found.costs().operations().get(operation))
          .satisfies(
              cost -> {
                assertThat(cost.ns()).as(operation).isCloseTo(price(operation), withPercentage(1));
                assertThat(cost.provenance()).isEqualTo(Provenance.MEASURED);
              });
    }
    assertThat(found.costs().rules().inCacheNs()).isEqualTo(RULE_NS);
    assertThat(found.sync().get("rule").ns()).isCloseTo(10_000, withPercentage(1));
  }

  @Test
  void whatWasNotMeasuredSaysWhereItIsFrom() {
    assertThat(found.costs().operations().get("ipvsSchedule"))
        .satisfies(
            cost -> {
              assertThat(cost.ns()).isEqualTo(price("ipvsSchedule"));
              assertThat(cost.provenance()).isEqualTo(Provenance.ASSUMED);
              assertThat(cost.source()).startsWith("not measured here; linux-6.18: ");
            });
    assertThat(found.costs().operations()).doesNotContainKey(CostModel.RULE_EVALUATED);
    assertThat(found.costs().operations().keySet())
        .containsAll(TRUTH.costs().operations().keySet());
  }

  @Test
  void connectionsAtOtherCountsAreForeseen() throws IOException {
    ConnectPrediction prediction = new ConnectPrediction(found, PATHS);
    for (KubeVersion version : List.of(Calibration.VERSION, KubeVersion.CURRENT)) {
      for (int count : List.of(30, 300, 700)) {
        assertThat(prediction.ns(version, count))
            .isCloseTo(serviceNs(version, count), withPercentage(2));
      }
    }
  }

  @Test
  void theProfileIsReadAsItWasWritten() throws IOException {
    StringBuilder text = new StringBuilder();
    Profiles.write(found, text);
    Profile read = Profiles.read("here.yaml", new StringReader(text.toString()));
    assertThat(read.costs()).isEqualTo(found.costs());
    assertThat(read.sync()).isEqualTo(found.sync());
    assertThat(read.lab().nanoseconds("setUpTime")).isEqualTo(found.lab().nanoseconds("setUpTime"));
  }

  @Test
  void whatNoiseHidesIsTheOtherProfiles() throws IOException {
    Calibration calibration = new Calibration(5, COUNTS, false);
    Profile noisy =
        calibration.profile(allAlike(calibration), TRUTH, "noisy", "a machine", "Linux");
    assertThat(noisy.costs().rules().inCacheNs()).isEqualTo(TRUTH.costs().rules().inCacheNs());
    assertThat(noisy.costs().rules().provenance()).isEqualTo(Provenance.ASSUMED);
    assertThat(noisy.costs().rules().source())
        .startsWith("in cache: less than the noise here; linux-6.18: ");
    for (String operation : List.of("hookCall", "matchCall", "natRewrite")) {
      assertThat(noisy.costs().operations().get(operation).ns()).isEqualTo(price(operation));
    }
    assertThat(noisy.lab().parameter("setUpTime"))
        .satisfies(
            time -> {
              assertThat(time.value()).isEqualTo(TRUTH.lab().parameter("setUpTime").value());
              assertThat(time.source()).startsWith("less than the noise here; linux-6.18: ");
            });
  }

  private static Measurements allAlike(Calibration calibration) {
    Samples one = Samples.of(List.of(1.0));
    ImmutableMap.Builder<String, Samples> packets = ImmutableMap.builder();
    calibration.plan().packets().forEach(measured -> packets.put(measured.name(), one));
    ImmutableMap.Builder<String, ImmutableList<Samples>> connections = ImmutableMap.builder();
    calibration
        .plan()
        .connections()
        .forEach(
            measured ->
                connections.put(
                    measured.name(),
                    ImmutableList.copyOf(Collections.nCopies(measured.to().size(), one))));
    return new Measurements(
        packets.buildOrThrow(),
        connections.buildOrThrow(),
        ImmutableMap.of("1000 Services", Samples.of(List.of(0.32022))));
  }
}
