package dev.packetpath.compare.claims;

import static dev.packetpath.kubernetes.proxy.ProxyMode.IPTABLES;
import static dev.packetpath.kubernetes.proxy.ProxyMode.IPVS;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.compare.KernelEra;
import dev.packetpath.compare.LabParameters;
import dev.packetpath.compare.advice.Advisor;
import dev.packetpath.compare.advice.BreakEven;
import dev.packetpath.compare.advice.Measure;
import dev.packetpath.compare.fit.PublishedPoint;
import dev.packetpath.compare.fit.PublishedPoints;
import dev.packetpath.compare.traffic.TrafficResult;
import dev.packetpath.compare.traffic.TrafficSimulation;
import dev.packetpath.compare.work.ClientCluster;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/** The claims about response times and CPU. */
final class CostClaims {
  private static final int KEPT = ArticleRun.KEPT;

  private CostClaims() {}

  static ImmutableList<Claim> all() {
    return ImmutableList.of(
        new Claim("C7", "1,000 requests/s of one Pod on a node of its own", CostClaims::setUp),
        new Claim("C8", "keepalive: 100 requests a connection", CostClaims::keepalive),
        new Claim("C9", "response times differ trivially up to 1,000 Services", CostClaims::alike),
        new Claim("C10", "keepalive hides the difference", CostClaims::keptOpen),
        new Claim("C12", "a slower server: less relative, same absolute", CostClaims::server),
        new Claim("C13", "IPVS too is slower at 10,000 Services", CostClaims::ipvsRises),
        new Claim("C14", "CPU differs insignificantly up to 1,000 Services", CostClaims::cpuAlike),
        new Claim("C15", "10,000 Services: 35% of a core, IPVS 8%", CostClaims::cpu),
        new Claim("C16", "the resync every 30 s explains IPVS's rise", CostClaims::resync),
        new Claim("C17", "older kernels are told of Services more slowly", CostClaims::olderKernel),
        new Claim("C19", "keepalive: rules a hundredth, CPU differs by 2%", CostClaims::keptCpu),
        new Claim("C20", "the client's own work adds to both alike", CostClaims::clientWork),
        new Claim("C21", "IPVS pays well beyond 1,000 Services", CostClaims::breakEven),
        new Claim("C25", "chart 1", run -> chart(run, PublishedPoint.Measure.RESPONSE_MS)),
        new Claim("C26", "chart 2", run -> chart(run, PublishedPoint.Measure.CPU_CORES)));
  }

  private static Finding setUp(ArticleRun run) {
    Cluster cluster = ClientCluster.of(10_000, ArticleRun.ENDPOINTS);
    long endpoints =
        cluster.services().stream()
            .mapToLong(service -> service.ports().get(0).endpoints().size())
            .sum();
    boolean apart =
        cluster.services().stream()
            .flatMap(service -> service.ports().get(0).endpoints().stream())
            .noneMatch(endpoint -> endpoint.node().equals(ClientCluster.NODE));
    TrafficResult traffic =
        TrafficSimulation.run(
            run.laboratory()
                .scenario(ArticleRun.configuration(IPTABLES, 10, 1))
                .periods(0, 3)
                .build());
    double requests = traffic.requestsPerSecond();
    return Finding.of(
        endpoints == 100_000
            && apart
            && Math.abs(requests - 1_000) < 30
            && Math.abs(traffic.connectionsPerSecond() - requests) < 1,
        "%,.0f requests/s, each a connection; %,d Services with %,d endpoints, none on the client's"
            + " node",
        requests,
        cluster.services().size(),
        endpoints);
  }

  private static Finding keepalive(ArticleRun run) {
    TrafficResult kept =
        TrafficSimulation.run(
            run.laboratory()
                .scenario(ArticleRun.configuration(IPTABLES, 10, KEPT))
                .periods(0, 20)
                .build());
    double connections = kept.connectionsPerSecond();
    return Finding.of(
        Math.abs(connections - 10) < 0.5,
        "%.1f new connections/s at %,.0f requests/s",
        connections,
        kept.requestsPerSecond());
  }

  private static Finding alike(ArticleRun run) {
    double most = difference(run, 1_000, size -> run.ms(IPTABLES, size, 1) - run.ms(IPVS, size, 1));
    return Finding.of(most <= 0.06, "at most %.3f ms", most);
  }

  private interface BySize {
    double of(int services);
  }

  /** Returns the greatest difference up to a number of Services. */
  private static double difference(ArticleRun run, int upTo, BySize difference) {
    return ArticleRun.SIZES.stream()
        .filter(size -> size <= upTo)
        .mapToDouble(size -> Math.abs(difference.of(size)))
        .max()
        .orElseThrow();
  }

  private static Finding keptOpen(ArticleRun run) {
    double[] kept = DoubleStream.concat(kept(run, IPTABLES), kept(run, IPVS)).sorted().toArray();
    double apart = kept[kept.length - 1] / kept[0] - 1;
    double open = run.ms(IPTABLES, 10_000, 1) / run.ms(IPVS, 10_000, 1) - 1;
    return Finding.of(
        apart <= 0.02 && open > 0.5,
        "%.3f to %.3f ms over all sizes and modes, %.1f %% apart",
        kept[0],
        kept[kept.length - 1],
        100 * apart);
  }

  private static DoubleStream kept(ArticleRun run, ProxyMode mode) {
    return ArticleRun.SIZES.stream().mapToDouble(size -> run.ms(mode, size, KEPT));
  }

  private static Finding server(ArticleRun run) {
    Profile profile = run.profile();
    double slower = 5 * profile.lab().parameter(LabParameters.REQUEST_TIME).value();
    ArticleRun light = run.with(profile);
    ArticleRun heavy =
        run.with(profile.withLab(profile.lab().with(LabParameters.REQUEST_TIME, slower)));
    double before = delta(light);
    double after = delta(heavy);
    double relativeBefore = before / light.ms(IPVS, 10_000, 1);
    double relativeAfter = after / heavy.ms(IPVS, 10_000, 1);
    return Finding.of(
        Math.abs(after - before) < 1e-6 && relativeAfter < 0.7 * relativeBefore,
        "server 5 times slower: %.2f ms stays %.2f ms, %.0f %% becomes %.0f %%",
        before,
        after,
        100 * relativeBefore,
        100 * relativeAfter);
  }

  private static double delta(ArticleRun run) {
    return run.ms(IPTABLES, 10_000, 1) - run.ms(IPVS, 10_000, 1);
  }

  private static Finding ipvsRises(ArticleRun run) {
    double few = run.ms(IPVS, 10, 1);
    double many = run.ms(IPVS, 10_000, 1);
    ArticleRun idle = run.with(scaledSync(run.profile(), ns -> 0));
    double without = idle.ms(IPVS, 10_000, 1) - idle.ms(IPVS, 10, 1);
    return Finding.of(
        Math.abs(many - 2.05) < 0.05 && Math.abs(few - 1.37) < 0.03 && without < 0.01,
        "%.2f ms at 10 Services, %.2f at 10,000; without syncs it rises by %.3f",
        few,
        many,
        without);
  }

  private static Profile scaledSync(Profile profile, DoubleUnaryOperator change) {
    Map<String, OperationCost> sync = new LinkedHashMap<>();
    profile
        .sync()
        .forEach(
            (name, cost) ->
                sync.put(
                    name,
                    new OperationCost(
                        name, change.applyAsDouble(cost.ns()), cost.provenance(), cost.source())));
    return profile.withSync(ImmutableMap.copyOf(sync));
  }

  private static Finding cpuAlike(ArticleRun run) {
    double most =
        difference(run, 1_000, size -> run.cores(IPTABLES, size, 1) - run.cores(IPVS, size, 1));
    return Finding.of(most <= 0.02, "at most %.3f core", most);
  }

  private static Finding cpu(ArticleRun run) {
    double iptables = rise(run, IPTABLES);
    double ipvs = rise(run, IPVS);
    return Finding.of(
        Math.abs(iptables - 0.36) <= 0.04 && Math.abs(ipvs - 0.083) <= 0.015,
        "iptables %+.3f core, IPVS %+.3f core",
        iptables,
        ipvs);
  }

  private static double rise(ArticleRun run, ProxyMode mode) {
    return run.cores(mode, 10_000, 1) - run.cores(mode, 10, 1);
  }

  private static Finding resync(ArticleRun run) {
    double[] sizes = ArticleRun.SIZES.stream().mapToDouble(size -> size).toArray();
    double[] sync =
        ArticleRun.SIZES.stream()
            .mapToDouble(size -> run.row(IPVS, size, 1).cpu().sync())
            .toArray();
    double ofEach = 30 * sync[sync.length - 1];
    double explained = (sync[sync.length - 1] - sync[0]) / rise(run, IPVS);
    return Finding.of(
        Correlation.square(sizes, sync) > 0.999
            && Math.abs(ofEach - 2.5) <= 0.25
            && explained > 0.95,
        "%.2f s of CPU a sync at 10,000 Services, linear; %.0f %% of the rise",
        ofEach,
        100 * explained);
  }

  private static Finding olderKernel(ArticleRun run) {
    ArticleRun older = run.with(KernelEra.LINUX_4_4.of(run.profile()));
    double rise = rise(run, IPVS);
    double olderRise = rise(older, IPVS);
    return Finding.of(
        olderRise > 2 * rise,
        "Linux 4.4: IPVS rises by %.2f core instead of %.2f",
        olderRise,
        rise);
  }

  private static Finding keptCpu(ArticleRun run) {
    double each =
        run.row(IPTABLES, 10_000, 1).cpu().rules() - run.row(IPTABLES, 10, 1).cpu().rules();
    double kept =
        run.row(IPTABLES, 10_000, KEPT).cpu().rules() - run.row(IPTABLES, 10, KEPT).cpu().rules();
    double differs = run.cores(IPTABLES, 10_000, KEPT) - run.cores(IPVS, 10_000, KEPT);
    return Finding.of(
        Math.abs(each / kept - 100) < 0.01 && differs >= 0.01 && differs <= 0.03,
        "Services' rules %.1f times less; iptables takes %.3f core more than IPVS",
        each / kept,
        differs);
  }

  private static Finding clientWork(ArticleRun run) {
    Profile profile = run.profile();
    double more = profile.lab().parameter(LabParameters.REQUEST_CPU).value() + 100;
    ArticleRun plain = run.with(profile);
    ArticleRun busy =
        run.with(profile.withLab(profile.lab().with(LabParameters.REQUEST_CPU, more)));
    double added = busy.cores(IPVS, 10, 1) - plain.cores(IPVS, 10, 1);
    double rises = rise(busy, IPTABLES) - rise(plain, IPTABLES);
    return Finding.of(
        Math.abs(added - 0.1) < 1e-9 && Math.abs(rises) < 1e-9,
        "100 us more a request: %.3f core more, the rise to 10,000 Services %.3f more",
        added,
        Math.abs(rises));
  }

  private static Finding breakEven(ArticleRun run) {
    List<BreakEven> points = Advisor.of(run.result()).breakEven();
    double time = point(points, Measure.RESPONSE_TIME, 1);
    double cpu = point(points, Measure.CPU, 1);
    double keptTime = point(points, Measure.RESPONSE_TIME, KEPT);
    return Finding.of(
        time >= 1_000 && time <= 5_000 && cpu >= 1_000 && cpu <= 5_000 && Double.isNaN(keptTime),
        "from %,.0f Services by response time, %,.0f by CPU; with keepalive not by response time",
        time,
        cpu);
  }

  private static double point(List<BreakEven> points, Measure measure, int keepalive) {
    return points.stream()
        .filter(point -> point.measure() == measure && point.keepalive() == keepalive)
        .filter(point -> point.dearer().mode() == IPTABLES && point.cheaper().mode() == IPVS)
        .mapToDouble(BreakEven::services)
        .findAny()
        .orElse(Double.NaN);
  }

  private static Finding chart(ArticleRun run, PublishedPoint.Measure measure) {
    double worst = 0;
    double sum = 0;
    int count = 0;
    for (PublishedPoint point : PublishedPoints.article2019()) {
      if (point.measure() == measure) {
        double found =
            measure == PublishedPoint.Measure.RESPONSE_MS
                ? run.ms(point.mode(), point.services(), point.keepalive())
                : run.cores(point.mode(), point.services(), point.keepalive());
        double off = Math.abs(found - point.value()) / point.tolerance();
        worst = Math.max(worst, off);
        sum += off;
        count++;
      }
    }
    return Finding.of(
        worst <= 1,
        "%d points: at most %.0f %% of the tolerance off, %.0f %% in the mean",
        count,
        100 * worst,
        100 * sum / count);
  }
}
