package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.CalicoRules;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.CpuCores;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.ResponseTime;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.RulesPerConnection;
import dev.packetpath.compare.advice.Advisor;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;

/** A report whose figures are made up, near to those of the article. */
final class MadeUp {
  private static final KubeVersion OLD = new KubeVersion(20);

  private MadeUp() {}

  static Report report() {
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    ImmutableList.Builder<CalicoRules> calico = ImmutableList.builder();
    for (int services : new int[] {10, 100, 500, 1000, 5000, 10000}) {
      for (int keepalive : new int[] {1, 100}) {
        rows.add(row(ProxyMode.IPTABLES, OLD, services, keepalive, 2));
        rows.add(row(ProxyMode.IPTABLES, KubeVersion.CURRENT, services, keepalive, 1));
        rows.add(row(ProxyMode.IPVS, OLD, services, keepalive, 0));
        rows.add(row(ProxyMode.NFTABLES, KubeVersion.CURRENT, services, keepalive, 0));
      }
      calico.add(new CalicoRules(services, 50.5, 58));
    }
    ExperimentResult result = new ExperimentResult("made-up <1>", rows.build());
    return new Report(
        result,
        calico.build(),
        Advisor.of(result),
        ImmutableList.of(
            new Assumption("rule in cache", "4 ns", "assumed", "made up & <escaped>"),
            new Assumption("sync of a Service", "250 µs", "fitted", "made up")),
        "packetpath compare --profile 'made-up <1>'");
  }

  /** Returns the report, in whose last row more is asked for than can be done. */
  static Report overloaded() {
    Report report = report();
    double never = Double.POSITIVE_INFINITY;
    ImmutableList<Row> rows = report.result().rows();
    Row last = rows.get(rows.size() - 1);
    ImmutableList<Row> changed =
        ImmutableList.<Row>builder()
            .addAll(rows.subList(0, rows.size() - 1))
            .add(
                new Row(
                    last.configuration(),
                    new ResponseTime(never, never, never, never),
                    last.cpu(),
                    last.rulesPerNewConnection(),
                    last.rulesPerEstablishedPacket()))
            .build();
    return new Report(
        new ExperimentResult(report.result().profile(), changed),
        report.calico(),
        report.advice(),
        report.assumptions(),
        report.command());
  }

  static Row row(
      ProxyMode mode, KubeVersion version, int services, int keepalive, int rulesOfAService) {
    double share = 1.0 / keepalive;
    double ratio = services / 10_000.0;
    double mean =
        0.543
            + share
                * (0.83
                    + 1.465 * rulesOfAService * ratio
                    + (mode == ProxyMode.NFTABLES ? 0 : 0.67 * ratio));
    long chain = (long) rulesOfAService * services;
    return new Row(
        new Configuration(mode, version, false, services, 10, keepalive, 1000),
        new ResponseTime(mean, mean * 0.9, mean * 1.6, mean * 2.7),
        new CpuCores(
            share * 0.14 * rulesOfAService * ratio,
            0.004 + 0.002 * share,
            0.003 * share,
            mode == ProxyMode.IPVS ? 0.004 * share : 0,
            mode == ProxyMode.NFTABLES ? 0.001 : 0.083 * ratio,
            0.53),
        new RulesPerConnection(12 + chain / 2.0, 20 + chain, chain),
        2);
  }
}
