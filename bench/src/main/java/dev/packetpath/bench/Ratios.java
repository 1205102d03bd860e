package dev.packetpath.bench;

import dev.packetpath.iptables.Walk;
import java.util.Locale;

/**
 * The lines with which a run ends: how many times slower another is than ours, by the fastest
 * iteration of each. bench/README.md names the benchmarks.
 */
final class Ratios {
  /** What a rule may cost an honest walker: a slower one counts as this. */
  static final double HONEST_NS_PER_RULE = 15;

  private final StringBuilder lines = new StringBuilder();

  private Ratios() {}

  /** Returns the lines. */
  static String of(Scores scores, KernelConnections kernel) {
    Ratios ratios = new Ratios();
    ratios.addAll(scores, kernel);
    return ratios.lines.toString();
  }

  private void addAll(Scores scores, KernelConnections kernel) {
    Scores.Score walk = filter(scores, FilterBenchmark.SERVICES, Walk.REFERENCE);
    double perRule = walk.fastestNanoseconds() / walk.rules();
    Scores.Score ours = path(scores, "newConnection", Walk.COMPILED);
    Scores.Score alone = path(scores, "newConnectionAlone", Walk.COMPILED);
    Scores.Score theirs = path(scores, "newConnection", Walk.REFERENCE);
    ratio("classify-20000", honestFilter(scores, FilterBenchmark.SERVICES));
    double overHonest = Math.max(0, perRule - HONEST_NS_PER_RULE) * theirs.rules();
    ratio(
        "path-10000-vs-walk",
        (theirs.fastestNanoseconds() - overHonest) / ours.fastestNanoseconds());
    overKernel("path-10000-vs-kernel", kernel, ours);
    overKernel("path-10000-alone-vs-kernel", kernel, alone);
    ratio("growth-100-to-100000", growth(scores, 100_000) / growth(scores, 100));
    ratio("random-10000-vs-walk", honestFilter(scores, FilterBenchmark.RANDOM));
    ratio(
        "adversarial-vs-walk",
        Math.min(
            honestFilter(scores, FilterBenchmark.OWN_TUPLES),
            honestFilter(scores, FilterBenchmark.WITH_STATE)));
    value("walker-ns-per-rule", perRule);
    value("walker-ns-per-rule-counted", Math.min(perRule, HONEST_NS_PER_RULE));
    Scores.Score established = established(scores, "established");
    value("ns-per-established-packet", established.fastestNanoseconds());
    value(
        "ns-per-established-packet-alone",
        established(scores, "establishedAlone").fastestNanoseconds());
    value("bytes-per-established-packet", established.bytesAllocated());
  }

  private static Scores.Score established(Scores scores, String method) {
    return scores.of(FlowsBenchmark.class, method, "services=10000", "walker=" + Walk.COMPILED);
  }

  private void overKernel(String name, KernelConnections kernel, Scores.Score ours) {
    if (kernel.skipped().isEmpty()) {
      ratio(name, kernel.nanoseconds() / ours.fastestNanoseconds());
    } else {
      lines.append("ratio " + name + " skipped, because " + kernel.skipped() + "\n");
    }
  }

  private static Scores.Score path(Scores scores, String method, Walk walker) {
    return scores.of(PathBenchmark.class, method, "services=10000", "walker=" + walker);
  }

  private static double growth(Scores scores, int services) {
    return scores
        .of(
            GrowthBenchmark.class,
            "newConnection",
            "services=" + services,
            "receiving=" + GrowthBenchmark.HUNDRED)
        .fastestNanoseconds();
  }

  private static Scores.Score filter(Scores scores, String rules, Walk walker) {
    return scores.of(FilterBenchmark.class, "classify", "rules=" + rules, "walker=" + walker);
  }

  private static double honestFilter(Scores scores, String rules) {
    Scores.Score walk = filter(scores, rules, Walk.REFERENCE);
    double honest = Math.min(walk.fastestNanoseconds(), walk.rules() * HONEST_NS_PER_RULE);
    return honest / filter(scores, rules, Walk.COMPILED).fastestNanoseconds();
  }

  private void ratio(String name, double value) {
    value("ratio " + name, value);
  }

  private void value(String name, double value) {
    lines.append(line(name, value));
  }

  /** Returns one line, without a value where what it is made from did not run. */
  static String line(String name, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%s %.2f%n", name, value);
  }
}
