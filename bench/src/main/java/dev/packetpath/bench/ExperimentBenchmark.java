package dev.packetpath.bench;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.Experiment;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.Sweep;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long the experiment takes, from profile to rows; what it knows of paths is learnt anew. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms512m", "-Xmx1g"})
@State(Scope.Benchmark)
public class ExperimentBenchmark {
  private static final int CONFIGURATIONS = 10_000;
  private static final int SYNCS = 10;

  @Param({"article-2019", "linux-6.18"})
  String profile = "article-2019";

  /** 10,000 configurations of other sizes in turn, by means, on one thread. */
  @Benchmark
  public ExperimentResult means() {
    Experiment.Builder experiment = Experiment.builder(profile()).analytic();
    ProxyMode[] modes = {ProxyMode.IPTABLES, ProxyMode.IPVS, ProxyMode.NFTABLES};
    for (int i = 0; i < CONFIGURATIONS; i++) {
      experiment.add(
          new Configuration(
              modes[i % modes.length], KubeVersion.CURRENT, false, 1 + i, 1 + i % 20, 1, 500));
    }
    return experiment.build().run();
  }

  /** Six sizes in all modes with and without keepalive, over ten syncs, on two threads. */
  @Benchmark
  public ExperimentResult whole() {
    Sweep sweep =
        new Sweep(
            ImmutableList.copyOf(ProxyMode.values()),
            ImmutableList.of(10, 100, 500, 1_000, 5_000, 10_000),
            10,
            ImmutableList.of(1, 100),
            1_000,
            false,
            KubeVersion.CURRENT);
    return Experiment.builder(profile())
        .addAll(sweep.configurations())
        .periods(SYNCS)
        .threads(2)
        .build()
        .run();
  }

  private Profile profile() {
    return Profiles.shipped(profile);
  }
}
