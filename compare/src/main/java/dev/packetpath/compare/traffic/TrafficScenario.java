package dev.packetpath.compare.traffic;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests over connections on the cores of the clients' node, in numbers alone. Immutable.
 *
 * <p>A request that opens a connection waits for a core, which serves set-ups in the order in which
 * they come (softirq work: the base service and the rule walk), and for the network delay; then, as
 * any other request, for its answer. What a client does with an answer is process work of a core,
 * which set-ups interrupt. Syncs compete for the first core.
 */
public final class TrafficScenario {
  private final Arrivals arrivals;
  private final int requestsPerConnection;
  private final Distribution answer;
  private final Distribution setUp;
  private final Distribution ruleWalk;
  private final long networkDelayNs;
  private final Distribution clientWork;
  private final int cores;
  private final int setUpCores;
  private final Sync sync;
  private final Optional<ConnectionLimit> limit;
  private final int warmUpPeriods;
  private final int periods;
  private final long seed;

  private TrafficScenario(Builder builder, Arrivals arrivals) {
    this.arrivals = arrivals;
    this.requestsPerConnection = builder.requestsPerConnection;
    this.answer = builder.answer;
    this.setUp = builder.setUp;
    this.ruleWalk = builder.ruleWalk;
    this.networkDelayNs = builder.networkDelayNs;
    this.clientWork = builder.clientWork;
    this.cores = builder.cores;
    this.setUpCores = builder.setUpCores;
    this.sync = builder.sync;
    this.limit = builder.limit;
    this.warmUpPeriods = builder.warmUpPeriods;
    this.periods = builder.periods;
    this.seed = builder.seed;
  }

  /**
   * Returns a builder: one core, no work, no sync, one request a connection, ten periods of 30 s.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns when requests come. */
  public Arrivals arrivals() {
    return arrivals;
  }

  /** Returns how many requests a connection carries. */
  public int requestsPerConnection() {
    return requestsPerConnection;
  }

  /** Returns the time from a request on an open connection to its answer. */
  public Distribution answer() {
    return answer;
  }

  /** Returns a core's work for a new connection without the rule walk. */
  public Distribution setUp() {
    return setUp;
  }

  /** Returns a core's work to walk the rules for a new connection. */
  public Distribution ruleWalk() {
    return ruleWalk;
  }

  /** Returns what the network adds to a set-up, nanoseconds. */
  public long networkDelayNs() {
    return networkDelayNs;
  }

  /** Returns the client's own work for each answer. */
  public Distribution clientWork() {
    return clientWork;
  }

  /** Returns the cores. */
  public int cores() {
    return cores;
  }

  /** Returns how many of the cores set connections up. */
  public int setUpCores() {
    return setUpCores;
  }

  /** Returns the syncs. */
  public Sync sync() {
    return sync;
  }

  /** Returns the limit of tracked connections, if there is one. */
  public Optional<ConnectionLimit> limit() {
    return limit;
  }

  /** Returns how many periods of syncs pass before measuring. */
  public int warmUpPeriods() {
    return warmUpPeriods;
  }

  /** Returns how many periods of syncs are measured. */
  public int periods() {
    return periods;
  }

  /** Returns the seed. */
  public long seed() {
    return seed;
  }

  /** Builds a {@link TrafficScenario}. Not safe for use by several threads. */
  public static final class Builder {
    private @Nullable Arrivals arrivals;
    private int requestsPerConnection = 1;
    private Distribution answer = Distribution.none();
    private Distribution setUp = Distribution.none();
    private Distribution ruleWalk = Distribution.none();
    private long networkDelayNs;
    private Distribution clientWork = Distribution.none();
    private int cores = 1;
    private int setUpCores = 1;
    private Sync sync = new Sync(30_000_000_000L, 0, 1);
    private Optional<ConnectionLimit> limit = Optional.empty();
    private int warmUpPeriods = 1;
    private int periods = 10;
    private long seed = 1;

    private Builder() {}

    /** Sets when requests come. */
    @CanIgnoreReturnValue
    public Builder arrivals(Arrivals arrivals) {
      this.arrivals = arrivals;
      return this;
    }

    /**
     * Sets how many requests a connection carries: exactly so many with closed arrivals, so many in
     * the mean with open ones, whose clients are at any point of their connections.
     *
     * @param requests 1 to 1,000,000
     */
    @CanIgnoreReturnValue
    public Builder requestsPerConnection(int requests) {
      checkArgument(
          requests >= 1 && requests <= 1_000_000,
          "requests per connection: %s, expected 1 to 1000000",
          requests);
      this.requestsPerConnection = requests;
      return this;
    }

    /** Sets the time from a request on an open connection to its answer. */
    @CanIgnoreReturnValue
    public Builder answer(Distribution answer) {
      this.answer = answer;
      return this;
    }

    /** Sets a core's work for a new connection without the rule walk. */
    @CanIgnoreReturnValue
    public Builder setUp(Distribution setUp) {
      this.setUp = setUp;
      return this;
    }

    /** Sets a core's work to walk the rules for a new connection. */
    @CanIgnoreReturnValue
    public Builder ruleWalk(Distribution ruleWalk) {
      this.ruleWalk = ruleWalk;
      return this;
    }

    /**
     * Sets what the network adds to a set-up.
     *
     * @param ns nanoseconds, 0 to 60 s
     */
    @CanIgnoreReturnValue
    public Builder networkDelayNs(long ns) {
      checkArgument(
          ns >= 0 && ns <= 60_000_000_000L, "network delay: %s ns, expected 0 to 6e10", ns);
      this.networkDelayNs = ns;
      return this;
    }

    /** Sets the client's own work for each answer, done on any of the cores. */
    @CanIgnoreReturnValue
    public Builder clientWork(Distribution clientWork) {
      this.clientWork = clientWork;
      return this;
    }

    /**
     * Sets the cores.
     *
     * @param cores how many there are, 1 to 1,024
     * @param setUpCores how many of them set connections up, from 1; a connection falls on any
     */
    @CanIgnoreReturnValue
    public Builder cores(int cores, int setUpCores) {
      checkArgument(cores >= 1 && cores <= 1_024, "cores: %s, expected 1 to 1024", cores);
      checkArgument(
          setUpCores >= 1 && setUpCores <= cores,
          "cores that set connections up: %s, expected 1 to %s",
          setUpCores,
          cores);
      this.cores = cores;
      this.setUpCores = setUpCores;
      return this;
    }

    /** Sets the syncs; their period is also the stretch of time by which results are averaged. */
    @CanIgnoreReturnValue
    public Builder sync(Sync sync) {
      this.sync = sync;
      return this;
    }

    /** Sets the limit of tracked connections. */
    @CanIgnoreReturnValue
    public Builder limit(ConnectionLimit limit) {
      this.limit = Optional.of(limit);
      return this;
    }

    /**
     * Sets how long to run.
     *
     * @param warmUpPeriods periods of syncs that pass before measuring, 0 to 1,000,000
     * @param periods periods of syncs that are measured, 2 to 1,000,000
     */
    @CanIgnoreReturnValue
    public Builder periods(int warmUpPeriods, int periods) {
      checkArgument(
          warmUpPeriods >= 0 && warmUpPeriods <= 1_000_000,
          "periods to warm up: %s, expected 0 to 1000000",
          warmUpPeriods);
      checkArgument(
          periods >= 2 && periods <= 1_000_000,
          "periods to measure: %s, expected 2 to 1000000",
          periods);
      this.warmUpPeriods = warmUpPeriods;
      this.periods = periods;
      return this;
    }

    /** Sets the seed of all draws. */
    @CanIgnoreReturnValue
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Returns the scenario.
     *
     * @throws IllegalStateException if no arrivals were set
     */
    public TrafficScenario build() {
      checkState(arrivals != null, "no arrivals");
      return new TrafficScenario(this, arrivals);
    }
  }
}
