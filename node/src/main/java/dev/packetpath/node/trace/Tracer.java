package dev.packetpath.node.trace;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.host.LocalSockets;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketRequest;
import dev.packetpath.node.explore.Exploration;
import dev.packetpath.node.explore.Explorer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Follows packets through a node, each trace through a fresh one. Where rules do not tell what
 * happens, every way is followed; where a node tells only its rules, the rest is assumed, and each
 * assumption that made a difference is named.
 *
 * <p>Immutable; may be used by several threads.
 */
public final class Tracer {
  private static final int LIMIT_OF_CHECKS = 256;

  private final TraceSettings settings;
  private final long seed;
  private final boolean followChances;
  private final int limit;

  private Tracer(Builder builder) {
    NodeSnapshot snapshot = builder.snapshot;
    List<Ruleset> rulesets =
        builder.assumed
            ? Stream.of(IpFamily.values()).flatMap(f -> snapshot.ruleset(f).stream()).toList()
            : List.of();
    this.seed = builder.seed;
    this.followChances = builder.followChances;
    this.limit = builder.limit;
    this.settings =
        new TraceSettings(
            snapshot,
            builder.assumed,
            builder.unknownSets,
            new RuleHints(rulesets),
            builder.local,
            builder.out,
            builder.state,
            builder.localSockets);
  }

  /** Returns a builder of a tracer for a node whose network is known. */
  public static Builder builder(NodeSnapshot snapshot) {
    return new Builder(snapshot, false);
  }

  /** Returns a builder of a tracer for a node of which only rules, and maybe sets, are known. */
  public static Builder builderOfRules(NodeSnapshot snapshot) {
    return new Builder(snapshot, true);
  }

  /**
   * Follows packets, one after the other on the same node.
   *
   * @throws IllegalArgumentException if a packet cannot be given to the node
   */
  public TraceAnswer trace(List<PacketRequest> packets) {
    ImmutableList<PacketRequest> requests = ImmutableList.copyOf(packets);
    Exploration<TraceRun> usual = explore(requests, ImmutableMap.of(), limit, seed);
    int limitOfChecks = Math.min(LIMIT_OF_CHECKS, limit);
    PremiseCheck check =
        new PremiseCheck(settings, told -> explore(requests, told, limitOfChecks, seed));
    boolean drewPort =
        usual.drewBits()
            && !signatures(usual)
                .equals(signatures(explore(requests, ImmutableMap.of(), limit, ~seed)));
    return new TraceAnswer(usual, drewPort, check.check(usual));
  }

  private static ImmutableList<String> signatures(Exploration<TraceRun> exploration) {
    return exploration.outcomes().stream()
        .map(outcome -> RunSignature.of(outcome.result()))
        .collect(ImmutableList.toImmutableList());
  }

  private Exploration<TraceRun> explore(
      ImmutableList<PacketRequest> requests,
      ImmutableMap<Object, Premise> told,
      int mostRuns,
      long bitsSeed) {
    return Explorer.builder()
        .seed(seed)
        .bitsSeed(bitsSeed)
        .followChances(followChances)
        .limit(mostRuns)
        .build()
        .explore(
            decisions -> TraceRunner.run(settings, requests, decisions, told), RunSignature::of);
  }

  /** Builds a {@link Tracer}. Not safe for use by several threads. */
  public static final class Builder {
    private static final String KNOWN = "addresses and routes of this node are known";

    private final NodeSnapshot snapshot;
    private final boolean assumed;
    private ImmutableSet<IpAddress> local = ImmutableSet.of();
    private Optional<String> out = Optional.empty();
    private Optional<SeenState> state = Optional.empty();
    private LocalSockets localSockets = LocalSockets.NONE;
    private long seed;
    private boolean followChances;
    private boolean unknownSets;
    private int limit = Explorer.DEFAULT_LIMIT;

    private Builder(NodeSnapshot snapshot, boolean assumed) {
      this.snapshot = snapshot;
      this.assumed = assumed;
    }

    /**
     * Sets the node's addresses; then no other is local but loopback.
     *
     * @throws IllegalStateException if the node's network is known
     */
    @CanIgnoreReturnValue
    public Builder local(Iterable<IpAddress> addresses) {
      checkState(assumed, KNOWN);
      this.local = ImmutableSet.copyOf(addresses);
      return this;
    }

    /**
     * Sets the device by which packets leave.
     *
     * @throws IllegalStateException if the node's network is known
     */
    @CanIgnoreReturnValue
    public Builder out(String device) {
      checkState(assumed, KNOWN);
      this.out = Optional.of(device);
      return this;
    }

    /**
     * Sets whether rules may name sets that the snapshot does not have; both answers are followed
     * then. By default such a rule is an error.
     */
    @CanIgnoreReturnValue
    public Builder unknownSets(boolean unknownSets) {
      this.unknownSets = unknownSets;
      return this;
    }

    /** Sets the state that rules see for the first packet; by default it is found out. */
    @CanIgnoreReturnValue
    public Builder state(SeenState state) {
      this.state = Optional.of(state);
      return this;
    }

    /** Sets how local sockets answer; by default not at all. */
    @CanIgnoreReturnValue
    public Builder localSockets(LocalSockets localSockets) {
      this.localSockets = localSockets;
      return this;
    }

    /** Sets what random draws are made from that are not followed; 0 by default. */
    @CanIgnoreReturnValue
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Sets whether every random choice is followed; by default one is drawn. */
    @CanIgnoreReturnValue
    public Builder followChances(boolean followChances) {
      this.followChances = followChances;
      return this;
    }

    /** Sets the largest number of runs, {@link Explorer#DEFAULT_LIMIT} by default. */
    @CanIgnoreReturnValue
    public Builder limit(int limit) {
      this.limit = limit;
      return this;
    }

    /** Returns the tracer. */
    public Tracer build() {
      return new Tracer(this);
    }
  }
}
