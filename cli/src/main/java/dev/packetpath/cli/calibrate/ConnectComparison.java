package dev.packetpath.cli.calibrate;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Locale.ROOT;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.work.PathCosts;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.node.cost.Profile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the running kernel takes for connections through kube-proxy's rules, beside what profiles
 * say. Measured like {@link Calibration}'s connections: each destination's 5th percentile over the
 * interleaved rounds, in the mean over Services that are all as likely.
 */
public final class ConnectComparison {
  /** Both layouts of the list of Services: two rules for each of them, and one. */
  private static final ImmutableList<KubeVersion> VERSIONS =
      ImmutableList.of(new KubeVersion(20), KubeVersion.CURRENT);

  private final ImmutableList<Point> points;
  private final PathCosts paths = new PathCosts();

  private ConnectComparison(ImmutableList<Point> points) {
    this.points = points;
  }

  /**
   * A number of Services.
   *
   * @param version the release of kube-proxy
   * @param services how many Services
   * @param rules how many rules the first packet meets
   * @param ns what connect() takes, in the mean over destinations
   * @param medianNs the same by the medians of the rounds
   */
  public record Point(
      KubeVersion version, int services, RulesTraversed rules, double ns, double medianNs) {}

  /**
   * Measures.
   *
   * @param counts how many Services
   * @param rounds how many interleaved rounds, at least 5
   * @throws IOException if it cannot be measured here
   */
  public static ConnectComparison measure(
      List<Integer> counts, int rounds, MeasurementProgress progress) throws IOException {
    checkArgument(rounds >= 5, "%s rounds, expected at least 5", rounds);
    List<ServiceConnections> clusters = new ArrayList<>();
    List<KubeVersion> versions = new ArrayList<>();
    for (KubeVersion version : VERSIONS) {
      for (int count : counts) {
        clusters.add(ServiceConnections.of(version, count));
        versions.add(version);
      }
    }
    Measurements measured =
        KernelMeasurement.run(
            new MeasurementPlan(
                rounds,
                0,
                ImmutableList.of(),
                clusters.stream()
                    .map(ServiceConnections::connections)
                    .collect(ImmutableList.toImmutableList()),
                ImmutableList.of()),
            progress);
    ImmutableList.Builder<Point> points = ImmutableList.builder();
    for (int i = 0; i < clusters.size(); i++) {
      ServiceConnections cluster = clusters.get(i);
      points.add(
          new Point(
              versions.get(i),
              cluster.services(),
              cluster.rules(),
              measured.connectNs(cluster.connections().name()),
              measured.connection(cluster.connections().name()).stream()
                  .mapToDouble(Samples::median)
                  .average()
                  .orElseThrow()));
    }
    return new ConnectComparison(points.build());
  }

  /** Returns what was measured. */
  public ImmutableList<Point> points() {
    return points;
  }

  /** Returns by how much a profile's predictions are wrong, as shares of what was measured. */
  public ImmutableList<Double> errors(Profile profile) throws IOException {
    ConnectPrediction prediction = new ConnectPrediction(profile, paths);
    ImmutableList.Builder<Double> errors = ImmutableList.builder();
    for (Point point : points) {
      double predicted = prediction.ns(point.version(), point.services());
      errors.add(predicted / point.ns() - 1);
    }
    return errors.build();
  }

  /** Returns the mean of the errors without their signs. */
  public double meanError(Profile profile) throws IOException {
    return errors(profile).stream().mapToDouble(Math::abs).average().orElseThrow();
  }

  /** Returns a table: what was measured, and what a profile says. */
  public String table(Profile profile) throws IOException {
    ImmutableList<Double> errors = errors(profile);
    List<String> lines = new ArrayList<>();
    lines.add(
        "kube-proxy  Services  rules, mean  measured us (median)  %s us   error"
            .formatted(profile.name()));
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      lines.add(
          String.format(
              ROOT,
              "%-10s %9d %12.1f %12.1f (%.1f) %14.1f %+6.1f%%",
              point.version(),
              point.services(),
              point.rules().mean(),
              point.ns() / 1e3,
              point.medianNs() / 1e3,
              point.ns() * (1 + errors.get(i)) / 1e3,
              100 * errors.get(i)));
    }
    lines.add(String.format(ROOT, "mean error %.1f%%", 100 * meanError(profile)));
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }
}
