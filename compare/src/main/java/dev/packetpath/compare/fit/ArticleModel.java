package dev.packetpath.compare.fit;

import dev.packetpath.compare.traffic.Arrivals;
import dev.packetpath.compare.traffic.Distribution;
import dev.packetpath.compare.traffic.Sync;
import dev.packetpath.compare.traffic.TrafficMeans;
import dev.packetpath.compare.traffic.TrafficScenario;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;

/** What a profile says of a published point, in the mean. */
final class ArticleModel {
  private static final double REQUESTS_PER_SECOND = 1_000;
  private static final double SYNC_PERIOD_NS = 30e9;
  private static final double RULES_PER_SERVICE = 2;
  private static final double RULE_BYTES = 488;

  private ArticleModel() {}

  static double predict(Profile profile, PublishedPoint point) {
    TrafficScenario scenario = scenario(profile, point);
    TrafficMeans means = TrafficMeans.of(scenario);
    if (point.measure() == PublishedPoint.Measure.RESPONSE_MS) {
      return means.responseNs() / 1e6;
    }
    double perRequestNs =
        profile.lab().nanoseconds("requestCpu")
            + profile.lab().nanoseconds("connectionCpu") / point.keepalive();
    return REQUESTS_PER_SECOND * perRequestNs / 1e9 + means.cores().rules() + means.cores().sync();
  }

  private static TrafficScenario scenario(Profile profile, PublishedPoint point) {
    boolean iptables = point.mode() == ProxyMode.IPTABLES;
    double rules = iptables ? RULES_PER_SERVICE * point.services() : 0;
    double syncNs = profile.sync().get("service").ns();
    if (iptables) {
      syncNs += profile.sync().get("iptablesService").ns();
    }
    return TrafficScenario.builder()
        .arrivals(new Arrivals.Poisson(REQUESTS_PER_SECOND))
        .requestsPerConnection(point.keepalive())
        .answer(Distribution.exponential(profile.lab().nanoseconds("requestTime")))
        .setUp(
            Distribution.varying(
                profile.lab().nanoseconds("setUpTime"),
                profile.lab().number("setUpVariability", 0, 1_000)))
        .ruleWalk(Distribution.constant(rules * profile.costs().rules().ns(rules * RULE_BYTES)))
        .sync(
            new Sync(
                (long) SYNC_PERIOD_NS,
                Math.round(syncNs * point.services()),
                Math.round(profile.lab().nanoseconds("syncChunk"))))
        .build();
  }
}
