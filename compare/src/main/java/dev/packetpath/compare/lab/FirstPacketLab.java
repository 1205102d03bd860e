package dev.packetpath.compare.lab;

import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.Laboratory;
import dev.packetpath.compare.traffic.Arrivals;
import dev.packetpath.compare.traffic.Distribution;
import dev.packetpath.compare.traffic.Sync;
import dev.packetpath.compare.traffic.TrafficResult;
import dev.packetpath.compare.traffic.TrafficScenario;
import dev.packetpath.compare.traffic.TrafficSimulation;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;

/**
 * How long the first packet of a connection takes to be answered, one after the other and without
 * any other load: what the node does for it, its rules included (KEP-3866, kube-proxy's nftables
 * mode).
 */
public final class FirstPacketLab {
  /**
   * What it costs to count the endpoints' rules is little; how many there were is not published.
   */
  private static final int ENDPOINTS = 2;

  private static final double PAUSE_NS = 1e6;
  private static final int BATCHES = 10;
  private static final double NS_PER_US = 1000;

  private final Laboratory laboratory;

  /** Creates the laboratory of a profile. */
  public FirstPacketLab(Profile profile) {
    this.laboratory = new Laboratory(profile);
  }

  /** Returns the laboratory of the published times. */
  public static FirstPacketLab published() {
    return new FirstPacketLab(Profiles.shipped("first-packet-2025"));
  }

  /**
   * How long first packets took, in microseconds.
   *
   * @param p50 the median
   * @param p90 what nine of ten stayed under
   * @param p99 what 99 of a hundred stayed under
   */
  public record RoundTrip(double p50, double p90, double p99) {}

  /** Returns what some 100,000 first packets took, one to each Service as likely as another. */
  public RoundTrip roundTrip(ProxyMode mode, int services) {
    Configuration configuration =
        new Configuration(mode, KubeVersion.CURRENT, false, services, ENDPOINTS, 1, 1);
    TrafficScenario scenario =
        laboratory
            .scenario(configuration)
            .arrivals(new Arrivals.Closed(1, Distribution.constant(PAUSE_NS)))
            .answer(Distribution.none())
            .sync(new Sync(10 * VirtualClock.NS_PER_SECOND, 0, 1))
            .periods(0, BATCHES)
            .build();
    TrafficResult result = TrafficSimulation.run(scenario);
    return new RoundTrip(
        result.p50Ns() / NS_PER_US, result.p90Ns() / NS_PER_US, result.p99Ns() / NS_PER_US);
  }
}
