package dev.packetpath.compare;

import dev.packetpath.compare.traffic.Arrivals;
import dev.packetpath.compare.traffic.Distribution;
import dev.packetpath.compare.traffic.Sync;
import dev.packetpath.compare.traffic.TrafficScenario;
import dev.packetpath.compare.work.ConnectionCost;
import dev.packetpath.compare.work.MadeUpWorkload;
import dev.packetpath.compare.work.PathWork;
import dev.packetpath.compare.work.SyncCosts;
import dev.packetpath.compare.work.Workload;
import dev.packetpath.core.cost.Cost;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Lab;
import dev.packetpath.node.cost.Profile;

/**
 * A profile put to use: what it says of configurations, as scenarios of traffic and as CPU time.
 * Thread-safe.
 */
public final class Laboratory {
  /** Traffic is simulated over periods of at most so long; longer ones keep their share of work. */
  private static final double LONGEST_PERIOD_NS = 30e9;

  /** What is below these would have the simulation take steps without end. */
  private static final double SHORTEST_PERIOD_NS = 1e6;

  private static final double SHORTEST_CHUNK_NS = 1e3;

  private static final int OLDEST_MINOR = 14;
  private static final int LATEST_MINOR = 999;

  private final Profile profile;
  private final Lab lab;
  private final Workload workload;

  /** Creates the laboratory of a profile, with made-up clusters. */
  public Laboratory(Profile profile) {
    this(profile, new MadeUpWorkload());
  }

  /** Creates the laboratory of a profile, with the work of some clusters. */
  public Laboratory(Profile profile, Workload workload) {
    this.profile = profile;
    this.lab = profile.lab();
    this.workload = workload;
  }

  /** Returns the laboratory with another profile, which knows what this one has learnt of paths. */
  public Laboratory with(Profile other) {
    return new Laboratory(other, workload);
  }

  /** Returns the profile. */
  public Profile profile() {
    return profile;
  }

  /** Returns the release whose kube-proxy the laboratory ran. */
  public KubeVersion release() {
    if (!lab.has(LabParameters.KUBERNETES_MINOR)) {
      return KubeVersion.CURRENT;
    }
    double minor = lab.number(LabParameters.KUBERNETES_MINOR, OLDEST_MINOR, LATEST_MINOR);
    if (minor != Math.rint(minor)) {
      throw lab.parameter(LabParameters.KUBERNETES_MINOR)
          .place()
          .error(LabParameters.KUBERNETES_MINOR + " " + minor, "a whole number");
    }
    return new KubeVersion((int) minor);
  }

  /** Returns what the client's node does for a connection. */
  public PathWork work(Configuration configuration) {
    return workload.work(configuration);
  }

  /** Returns what a connection costs the client's node. */
  public ConnectionCost cost(Configuration configuration) {
    PathWork work = work(configuration);
    return lastServiceAlone()
        ? ConnectionCost.toLastService(work, profile.costs())
        : ConnectionCost.of(work, profile.costs());
  }

  private boolean lastServiceAlone() {
    if (!lab.has(LabParameters.SERVICE_POSITION)) {
      return false;
    }
    double position = lab.number(LabParameters.SERVICE_POSITION, 0.5, 1);
    if (position > 0.5 && position < 1) {
      throw lab.parameter(LabParameters.SERVICE_POSITION)
          .place()
          .error(LabParameters.SERVICE_POSITION + " " + position, "0.5 or 1");
    }
    return position == 1;
  }

  /** Returns the nanoseconds of one sync that repeats without a change. */
  public double syncNs(Configuration configuration) {
    return SyncCosts.ns(workload, configuration, profile.sync());
  }

  /** Returns the time from one sync to the next, nanoseconds. */
  public double syncPeriodNs(Configuration configuration) {
    return lab.has(LabParameters.SYNC_PERIOD)
        ? lab.nanoseconds(LabParameters.SYNC_PERIOD, SHORTEST_PERIOD_NS)
        : SyncCosts.periodNs(configuration);
  }

  /**
   * Returns the traffic of a configuration: requests of many clients; a core that sets connections
   * up, to whose work the first packet's rules add; syncs on the same core.
   */
  public TrafficScenario.Builder scenario(Configuration configuration) {
    ConnectionCost cost = cost(configuration);
    double setUpNs = setUpNs(configuration, cost);
    double walkNs = cost.opening().rulesNs();
    double spreadNs = Math.min(walkNs * 2, cost.walkSpreadNs());
    double load = (setUpNs + walkNs) * 1e-9 * connectionsPerSecond(configuration);
    return TrafficScenario.builder()
        .arrivals(new Arrivals.Poisson(configuration.requestsPerSecond()))
        .requestsPerConnection(configuration.keepalive())
        .answer(
            Distribution.varying(
                lab.nanoseconds(LabParameters.REQUEST_TIME) + userspace(configuration, false),
                lab.number(LabParameters.REQUEST_VARIABILITY, 0, 1_000)))
        .setUp(
            Distribution.varying(setUpNs, lab.number(LabParameters.SET_UP_VARIABILITY, 0, 1_000)))
        .ruleWalk(Distribution.uniform(walkNs - spreadNs / 2, walkNs + spreadNs / 2))
        .sync(sync(configuration, load));
  }

  private double setUpNs(Configuration configuration, ConnectionCost cost) {
    return lab.nanoseconds(LabParameters.SET_UP_TIME)
        + cost.opening().totalNs()
        - cost.opening().rulesNs()
        + userspace(configuration, true);
  }

  private static double connectionsPerSecond(Configuration configuration) {
    return configuration.requestsPerSecond() / configuration.keepalive();
  }

  private double userspace(Configuration configuration, boolean connection) {
    if (configuration.mode() != ProxyMode.USERSPACE) {
      return 0;
    }
    return lab.nanoseconds(
        connection ? LabParameters.USERSPACE_CONNECTION_CPU : LabParameters.USERSPACE_REQUEST_CPU);
  }

  /**
   * Returns the syncs. One that takes longer than its period gets the time that set-ups leave. A
   * long period is told as a shorter one of the same share of work: as nothing but the chunk at
   * hand delays set-ups, how chunks are grouped makes no difference to them.
   */
  private Sync sync(Configuration configuration, double load) {
    double workNs = syncNs(configuration);
    double chunkNs = lab.nanoseconds(LabParameters.SYNC_CHUNK, SHORTEST_CHUNK_NS);
    double periodNs = syncPeriodNs(configuration);
    double left = Math.max(0.01, 1 - load);
    periodNs = Math.max(periodNs, workNs / left * 1.001);
    if (periodNs > LONGEST_PERIOD_NS) {
      double shorter = Math.max(LONGEST_PERIOD_NS, Math.min(1, chunkNs / workNs) * periodNs);
      workNs *= Math.min(1, shorter / periodNs);
      periodNs = Math.min(periodNs, shorter);
    }
    return new Sync(Math.round(periodNs), Math.round(workNs), Math.round(chunkNs));
  }

  /** Returns the CPU time of the client's node. */
  public CpuCores cpu(Configuration configuration) {
    ConnectionCost cost = cost(configuration);
    double connections = connectionsPerSecond(configuration) * 1e-9;
    double requests = configuration.requestsPerSecond() * 1e-9;
    Cost all =
        cost.opening().plus(cost.upkeep()).times(connections).plus(cost.request().times(requests));
    double base =
        connections
                * (lab.nanoseconds(LabParameters.CONNECTION_CPU) + userspace(configuration, true))
            + requests
                * (lab.nanoseconds(LabParameters.REQUEST_CPU) + userspace(configuration, false));
    return new CpuCores(
        all.rulesNs(),
        all.conntrackNs(),
        all.natNs(),
        all.ipvsNs(),
        Math.min(1, syncNs(configuration) / syncPeriodNs(configuration)),
        base + all.otherNs());
  }
}
