package dev.packetpath.compare.claims;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.Experiment;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.Laboratory;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.Sweep;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;
import java.util.List;

/** The article's experiment, run with a profile: the one shipped for it, or one that is changed. */
final class ArticleRun {
  static final ImmutableList<Integer> SIZES = ImmutableList.of(10, 100, 500, 1000, 5000, 10_000);
  static final ImmutableList<ProxyMode> MODES =
      ImmutableList.of(ProxyMode.IPTABLES, ProxyMode.IPVS);
  static final int ENDPOINTS = 10;
  static final int KEPT = 100;
  static final double PER_SECOND = 1_000;

  private final Laboratory laboratory;
  private final boolean simulated;
  private final ExperimentResult result;

  private ArticleRun(Laboratory laboratory, boolean simulated) {
    this.laboratory = laboratory;
    this.simulated = simulated;
    this.result = run();
  }

  /** Runs the experiment by simulation. */
  static ArticleRun simulated(Profile profile) {
    return new ArticleRun(new Laboratory(profile), true);
  }

  /** Runs it again by means with another profile. */
  ArticleRun with(Profile profile) {
    return new ArticleRun(laboratory.with(profile), false);
  }

  Profile profile() {
    return laboratory.profile();
  }

  Laboratory laboratory() {
    return laboratory;
  }

  ExperimentResult result() {
    return result;
  }

  private ExperimentResult run() {
    Experiment.Builder experiment = Experiment.builder(laboratory).threads(2);
    for (ProxyMode mode : MODES) {
      for (int keepalive : List.of(1, KEPT)) {
        for (int services : SIZES) {
          experiment.add(configuration(mode, services, keepalive));
        }
      }
    }
    return simulated ? experiment.build().run() : experiment.analytic().build().run();
  }

  static Configuration configuration(ProxyMode mode, int services, int keepalive) {
    return new Configuration(
        mode, Sweep.TWO_RULES_A_SERVICE, false, services, ENDPOINTS, keepalive, PER_SECOND);
  }

  Row row(ProxyMode mode, int services, int keepalive) {
    Configuration wanted = configuration(mode, services, keepalive);
    return result.rows().stream()
        .filter(row -> row.configuration().equals(wanted))
        .findAny()
        .orElseThrow();
  }

  /** Returns a mean response time, milliseconds. */
  double ms(ProxyMode mode, int services, int keepalive) {
    return row(mode, services, keepalive).responseTime().mean();
  }

  /** Returns a use of CPU, cores. */
  double cores(ProxyMode mode, int services, int keepalive) {
    return row(mode, services, keepalive).cpu().total();
  }
}
