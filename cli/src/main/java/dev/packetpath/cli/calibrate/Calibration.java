package dev.packetpath.cli.calibrate;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.compare.LabParameters;
import dev.packetpath.compare.work.PathCosts;
import dev.packetpath.core.Place;
import dev.packetpath.core.cost.CostModel;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.core.cost.RuleCost;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.node.cost.Lab;
import dev.packetpath.node.cost.Parameter;
import dev.packetpath.node.cost.Profile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes a cost profile of the running kernel: what is measured, and what is taken from another
 * profile because it was not.
 */
public final class Calibration {
  /** How many Services connections find unless something else is said. */
  public static final ImmutableList<Integer> COUNTS = ImmutableList.of(10, 100, 1_000, 10_000);

  /** How many rounds there are unless something else is said. */
  public static final int ROUNDS = 20;

  /** The release whose rules connections pass: two rules a Service make the longest lists. */
  static final KubeVersion VERSION = new KubeVersion(20);

  private static final int RESTORED_SERVICES = 1_000;
  private static final int RESTORE_ROUNDS = 3;
  private static final int FEWEST_RULES_FOR_A_SLOPE = 500;
  private static final Place NOWHERE = new Place("calibrate", 1, 1);

  private final ImmutableList<ServiceConnections> services;
  private final MeasurementPlan plan;
  private final PathCosts paths = new PathCosts();

  /**
   * Plans a calibration.
   *
   * @param rounds how many rounds of packets and connections
   * @param counts how many Services connections find, ascending
   * @param nftables whether nftables is measured too
   */
  Calibration(int rounds, List<Integer> counts, boolean nftables) throws IOException {
    ImmutableList.Builder<ServiceConnections> clusters = ImmutableList.builder();
    for (int count : counts) {
      clusters.add(ServiceConnections.of(VERSION, count));
    }
    this.services = clusters.build();
    ImmutableList.Builder<PacketCase> packets = ImmutableList.builder();
    packets.addAll(PacketCases.iptables());
    if (nftables) {
      packets.addAll(PacketCases.nftables());
    }
    ImmutableList.Builder<ConnectionCase> connections = ImmutableList.builder();
    connections.addAll(ConnectionCases.all());
    services.forEach(cluster -> connections.add(cluster.connections()));
    this.plan =
        new MeasurementPlan(
            rounds,
            RESTORE_ROUNDS,
            packets.build(),
            connections.build(),
            ImmutableList.of(
                new RestoreCase(
                    restoredName(),
                    ServiceConnections.of(VERSION, RESTORED_SERVICES).connections().ruleset())));
  }

  private static String restoredName() {
    return RESTORED_SERVICES + " Services";
  }

  /**
   * Returns the profile of the kernel that runs here.
   *
   * @param base where all is taken from that is not measured
   * @param name what the profile is called
   * @param rounds how many rounds of packets and connections
   * @param counts how many Services connections find, ascending
   * @throws IOException if it cannot be measured here
   */
  public static Profile here(
      Profile base, String name, int rounds, List<Integer> counts, MeasurementProgress progress)
      throws IOException {
    Machine machine = Machine.here();
    Calibration calibration = new Calibration(rounds, counts, Machine.hasTool("nft"));
    Measurements measured = KernelMeasurement.run(calibration.plan(), progress);
    return calibration.profile(measured, base, name, machine.description(), machine.kernel());
  }

  /** Returns what is to be measured. */
  MeasurementPlan plan() {
    return plan;
  }

  /**
   * Returns the profile.
   *
   * @param measured what the plan's measurement found
   * @param base where all else is taken from
   * @param name what the profile is called
   * @param machine the machine
   * @param kernel the kernel
   */
  Profile profile(Measurements measured, Profile base, String name, String machine, String kernel)
      throws IOException {
    BaseFigures figures = new BaseFigures(base);
    CostModel costs =
        new CostModel(
            rules(measured, figures),
            operations(PriceFinder.find(measured, figures).prices(), figures));
    return new Profile(
        name,
        "Measured by packetpath calibrate; what it could not measure is from "
            + base.name()
            + " and says so.",
        machine,
        kernel,
        costs,
        sync(measured, figures),
        lab(measured, figures, costs));
  }

  private RuleCost rules(Measurements measured, BaseFigures base) {
    double none = measured.packetNs(PacketCases.RAW.name());
    int shortest = PacketCases.LENGTHS.get(0);
    double ns = (measured.packetNs(PacketCases.chain(shortest).name()) - none) / shortest;
    return ns > 0
        ? rise(new RuleCurve(ns, shortest), measured)
            .cost(
                Provenance.MEASURED,
                "in cache: packets over a chain of " + shortest + " rules; " + levelSource())
        : rise(new RuleCurve(base.ruleNs(), shortest), measured)
            .cost(
                Provenance.ASSUMED,
                "in cache: " + base.rules(BaseFigures.IN_NOISE) + "; " + levelSource());
  }

  private RuleCurve rise(RuleCurve curve, Measurements measured) {
    for (ServiceConnections cluster : services) {
      if (cluster.rules().mean() >= FEWEST_RULES_FOR_A_SLOPE) {
        curve.add(
            ConnectPrediction.work(paths, VERSION, cluster.services()).ruleBytes(),
            slope(cluster, measured.connection(cluster.connections().name())));
      }
    }
    return curve;
  }

  private static double slope(ServiceConnections cluster, List<Samples> times) {
    List<Double> rules = new ArrayList<>();
    List<Double> ns = new ArrayList<>();
    for (int destination = 0; destination < times.size(); destination++) {
      rules.add(cluster.rulesTo(cluster.places().get(destination)));
      ns.add(times.get(destination).low());
    }
    return RuleCurve.slope(rules, ns);
  }

  private String levelSource() {
    return "levels: TCP connections to Services at known places among " + counts();
  }

  private String counts() {
    return services.stream()
        .map(cluster -> String.valueOf(cluster.services()))
        .collect(Collectors.joining(", "));
  }

  private static ImmutableSortedMap<String, OperationCost> operations(
      Map<String, OperationCost> measured, BaseFigures base) {
    Map<String, OperationCost> all = assumed(base.profile().costs().operations(), base);
    all.putAll(measured);
    all.remove(CostModel.RULE_EVALUATED);
    return ImmutableSortedMap.copyOf(all);
  }

  private static Map<String, OperationCost> assumed(
      Map<String, OperationCost> prices, BaseFigures base) {
    Map<String, OperationCost> all = new TreeMap<>();
    prices.forEach((name, cost) -> all.put(name, base.assumed(cost, BaseFigures.NOT_MEASURED)));
    return all;
  }

  private ImmutableSortedMap<String, OperationCost> sync(Measurements measured, BaseFigures base) {
    Map<String, OperationCost> all = assumed(base.profile().sync(), base);
    long rules =
        plan.restores().get(0).ruleset().lines().filter(line -> line.startsWith("-A")).count();
    all.put(
        "rule",
        new OperationCost(
            "rule",
            Figure.rounded(measured.restoreSeconds(restoredName()) * 1e9 / rules),
            Provenance.MEASURED,
            "iptables-restore of " + rules + " rules into an empty namespace, all included"));
    return ImmutableSortedMap.copyOf(all);
  }

  private Lab lab(Measurements measured, BaseFigures base, CostModel costs) {
    Map<String, Parameter> all = new LinkedHashMap<>();
    base.profile()
        .lab()
        .parameters()
        .forEach(
            (name, parameter) -> all.put(name, base.assumed(parameter, BaseFigures.NOT_MEASURED)));
    all.put(LabParameters.SET_UP_TIME, setUpTime(setUpNs(measured, costs), base));
    return new Lab(NOWHERE, all.values());
  }

  private Parameter setUpTime(double ns, BaseFigures base) {
    return ns > 0
        ? new Parameter(
            LabParameters.SET_UP_TIME,
            Figure.rounded(ns / 1e3),
            "us",
            Provenance.DERIVED,
            "connect() to one of "
                + counts()
                + " Services, less what the first packet's work costs",
            NOWHERE)
        : base.assumed(
            base.profile().lab().parameter(LabParameters.SET_UP_TIME), BaseFigures.IN_NOISE);
  }

  /**
   * Returns what connections take more than the work of their first packets costs: TCP, the way
   * through the namespaces, the other packets, and chains of Services that no cache holds.
   */
  private double setUpNs(Measurements measured, CostModel costs) {
    return services.stream()
        .mapToDouble(
            cluster ->
                measured.connectNs(cluster.connections().name())
                    - ConnectPrediction.openingNs(
                        ConnectPrediction.work(paths, VERSION, cluster.services()), costs))
        .average()
        .orElseThrow();
  }
}
