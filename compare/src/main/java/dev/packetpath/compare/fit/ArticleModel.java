package dev.packetpath.compare.fit;

import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.Laboratory;
import dev.packetpath.compare.Sweep;
import dev.packetpath.compare.traffic.TrafficMeans;
import dev.packetpath.node.cost.Profile;

/** What profiles say of published points, in the mean: the experiment itself, as it was set up. */
final class ArticleModel {
  private static final double REQUESTS_PER_SECOND = 1_000;
  private static final int ENDPOINTS = 10;

  private final Laboratory laboratory;

  private ArticleModel(Laboratory laboratory) {
    this.laboratory = laboratory;
  }

  static ArticleModel of(Profile profile) {
    return new ArticleModel(new Laboratory(profile));
  }

  Profile profile() {
    return laboratory.profile();
  }

  /** Returns the model with another profile. */
  ArticleModel with(Profile profile) {
    return new ArticleModel(laboratory.with(profile));
  }

  double predict(PublishedPoint point) {
    Configuration configuration =
        new Configuration(
            point.mode(),
            Sweep.TWO_RULES_A_SERVICE,
            false,
            point.services(),
            ENDPOINTS,
            point.keepalive(),
            REQUESTS_PER_SECOND);
    return switch (point.measure()) {
      case RESPONSE_MS ->
          TrafficMeans.of(laboratory.scenario(configuration).build()).responseNs() / 1e6;
      case CPU_CORES -> laboratory.cpu(configuration).total();
    };
  }
}
