package dev.packetpath.compare;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.compare.traffic.TrafficMeans;
import dev.packetpath.compare.traffic.TrafficResult;
import dev.packetpath.compare.traffic.TrafficScenario;
import dev.packetpath.compare.traffic.TrafficSimulation;
import dev.packetpath.compare.work.PathWork;
import dev.packetpath.node.cost.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The experiment: configurations and a profile in, a row for each out. The same seed gives the same
 * rows, whatever the number of threads. Immutable.
 */
public final class Experiment {
  private static final double NS_PER_MS = 1e6;

  private final Laboratory laboratory;
  private final ImmutableList<Configuration> configurations;
  private final boolean simulated;
  private final long seed;
  private final int periods;
  private final int threads;
  private final IntConsumer progress;

  private Experiment(Builder builder) {
    this.laboratory = builder.laboratory;
    this.configurations = ImmutableList.copyOf(builder.configurations);
    this.simulated = builder.simulated;
    this.seed = builder.seed;
    this.periods = builder.periods;
    this.threads = builder.threads;
    this.progress = builder.progress;
  }

  /** Returns a builder of an experiment with a profile. */
  public static Builder builder(Profile profile) {
    return builder(new Laboratory(profile));
  }

  /** Returns a builder of an experiment in a laboratory, which may have clusters of its own. */
  public static Builder builder(Laboratory laboratory) {
    return new Builder(laboratory);
  }

  /** Returns the result. */
  public ExperimentResult run() {
    AtomicInteger done = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Row>> rows = new ArrayList<>();
      for (Configuration configuration : configurations) {
        rows.add(
            pool.submit(
                () -> {
                  Row row = row(configuration);
                  progress.accept(done.incrementAndGet());
                  return row;
                }));
      }
      ImmutableList.Builder<Row> results = ImmutableList.builder();
      for (Future<Row> row : rows) {
        results.add(row.get());
      }
      return new ExperimentResult(laboratory.profile().name(), results.build());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      pool.shutdownNow();
    }
  }

  private Row row(Configuration configuration) {
    PathWork work = laboratory.work(configuration);
    return new Row(
        configuration,
        responseTime(configuration),
        laboratory.cpu(configuration),
        work.rules(),
        work.rulesPerEstablishedPacket());
  }

  private ResponseTime responseTime(Configuration configuration) {
    TrafficScenario scenario =
        laboratory.scenario(configuration).seed(seed).periods(1, periods).build();
    TrafficMeans means = TrafficMeans.of(scenario);
    if (!means.stable()) {
      return ResponseTime.ENDLESS;
    }
    if (!simulated) {
      return ResponseTime.ofMean(means.responseNs() / NS_PER_MS);
    }
    TrafficResult result = TrafficSimulation.run(scenario);
    return new ResponseTime(
        result.response().mean() / NS_PER_MS,
        result.p50Ns() / NS_PER_MS,
        result.p90Ns() / NS_PER_MS,
        result.p99Ns() / NS_PER_MS);
  }

  /** Builds an {@link Experiment}. Not safe for use by several threads. */
  public static final class Builder {
    private final Laboratory laboratory;
    private final List<Configuration> configurations = new ArrayList<>();
    private boolean simulated = true;
    private long seed = 1;
    private int periods = 20;
    private int threads = 1;
    private IntConsumer progress = done -> {};

    private Builder(Laboratory laboratory) {
      this.laboratory = laboratory;
    }

    /** Adds a configuration. */
    @CanIgnoreReturnValue
    public Builder add(Configuration configuration) {
      configurations.add(configuration);
      return this;
    }

    /** Adds configurations. */
    @CanIgnoreReturnValue
    public Builder addAll(Iterable<Configuration> more) {
      more.forEach(configurations::add);
      return this;
    }

    /** Sets that response times are computed and not simulated: means alone, and quickly. */
    @CanIgnoreReturnValue
    public Builder analytic() {
      this.simulated = false;
      return this;
    }

    /** Sets the seed of all draws; 1 by default. */
    @CanIgnoreReturnValue
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Sets over how many syncs is averaged; 20 by default.
     *
     * @param periods from 2
     */
    @CanIgnoreReturnValue
    public Builder periods(int periods) {
      checkArgument(periods >= 2, "periods: %s, expected at least 2", periods);
      this.periods = periods;
      return this;
    }

    /**
     * Sets how many threads work; 1 by default.
     *
     * @param threads from 1
     */
    @CanIgnoreReturnValue
    public Builder threads(int threads) {
      checkArgument(threads >= 1, "threads: %s, expected at least 1", threads);
      this.threads = threads;
      return this;
    }

    /** Sets who is told how many configurations are done; any of the threads tells. */
    @CanIgnoreReturnValue
    public Builder progress(IntConsumer progress) {
      this.progress = progress;
      return this;
    }

    /** Returns the experiment. */
    public Experiment build() {
      return new Experiment(this);
    }
  }
}
