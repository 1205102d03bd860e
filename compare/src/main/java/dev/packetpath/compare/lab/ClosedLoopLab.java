package dev.packetpath.compare.lab;

import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.Laboratory;
import dev.packetpath.compare.traffic.Arrivals;
import dev.packetpath.compare.traffic.Distribution;
import dev.packetpath.compare.traffic.Sync;
import dev.packetpath.compare.traffic.TrafficScenario;
import dev.packetpath.compare.traffic.TrafficSimulation;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;

/**
 * A thousand clients of {@code ab} that each send their next request, over a new connection, as
 * soon as the last one is answered. One core does all of their work, so a request waits for the 999
 * others. kube-proxy's syncs have their turns on that core, which stretches everything by the share
 * that they take.
 *
 * <p>Source: UCloud, userguide/kubeproxy_mode.md.
 */
public final class ClosedLoopLab {
  private static final int CLIENTS = 1_000;
  private static final int ENDPOINTS = 20;

  /** The release of the year; its rules are those until 1.20. */
  private static final KubeVersion VERSION = new KubeVersion(16);

  private static final int WARM_UP = 1;
  private static final int BATCHES = 5;
  private static final double NS_PER_MS = 1e6;

  private final Laboratory laboratory;

  /** Creates the laboratory of a profile. */
  public ClosedLoopLab(Profile profile) {
    this.laboratory = new Laboratory(profile);
  }

  /** Returns the laboratory of the published times. */
  public static ClosedLoopLab published() {
    return new ClosedLoopLab(Profiles.shipped("ucloud-2019"));
  }

  /** Returns the mean time of a request with its connection, in milliseconds. */
  public double totalMs(ProxyMode mode, int services) {
    Configuration configuration =
        new Configuration(mode, VERSION, false, services, ENDPOINTS, 1, 1);
    TrafficScenario scenario =
        laboratory
            .scenario(configuration)
            .arrivals(new Arrivals.Closed(CLIENTS, Distribution.none()))
            .sync(new Sync(VirtualClock.NS_PER_SECOND, 0, 1))
            .periods(WARM_UP, BATCHES)
            .build();
    double others = 1 - laboratory.syncNs(configuration) / laboratory.syncPeriodNs(configuration);
    return TrafficSimulation.run(scenario).response().mean() / others / NS_PER_MS;
  }
}
