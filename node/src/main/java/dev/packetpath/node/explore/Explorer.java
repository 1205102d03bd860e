package dev.packetpath.node.explore;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.SeededDecisions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Follows every answer to what nobody can know, and if asked every random draw too, with its exact
 * probability. The experiment runs once for each combination, depth first.
 *
 * <p>Thread-safe if the experiment is.
 */
public final class Explorer {
  /** The number of runs after which an exploration stops. */
  public static final int DEFAULT_LIMIT = 4096;

  private final long seed;
  private final long bitsSeed;
  private final boolean followChances;
  private final int limit;

  private Explorer(Builder builder) {
    this.seed = builder.seed;
    this.bitsSeed = builder.bitsSeed;
    this.followChances = builder.followChances;
    this.limit = builder.limit;
  }

  /** Returns a builder of an explorer that draws chances with seed 0. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Runs an experiment for each combination of answers.
   *
   * @param experiment does the same for the same answers
   * @param signature what has to be equal for two results to count as the same outcome
   */
  public <T> Exploration<T> explore(
      Function<Decisions, T> experiment, Function<? super T, ?> signature) {
    List<OutcomeTree.Run<T>> runs = new ArrayList<>();
    Optional<ImmutableList<Answer>> next = Optional.of(ImmutableList.of());
    boolean drewChance = false;
    boolean drewBits = false;
    while (next.isPresent() && runs.size() < limit) {
      RecordedDecisions decisions =
          new RecordedDecisions(
              next.get(), new SeededDecisions(seed), new SeededDecisions(bitsSeed), followChances);
      T result = experiment.apply(decisions);
      runs.add(new OutcomeTree.Run<>(decisions.answers(), Optional.of(result)));
      drewChance |= decisions.drewChance();
      drewBits |= decisions.drewBits();
      next = nextAfter(decisions.answers());
    }
    int done = runs.size();
    for (; next.isPresent(); next = nextAfter(next.get())) {
      runs.add(new OutcomeTree.Run<>(next.get(), Optional.empty()));
    }
    OutcomeTree<T> tree = new OutcomeTree<>(signature, runs);
    return new Exploration<>(tree.outcomes(), done, tree.leftOut(), drewChance, drewBits);
  }

  /** Returns the answers with the last yes made a no, and what followed it left off. */
  private static Optional<ImmutableList<Answer>> nextAfter(ImmutableList<Answer> answers) {
    for (int last = answers.size() - 1; last >= 0; last--) {
      if (answers.get(last).yes()) {
        return Optional.of(
            ImmutableList.<Answer>builder()
                .addAll(answers.subList(0, last))
                .add(answers.get(last).no())
                .build());
      }
    }
    return Optional.empty();
  }

  /** Builds an {@link Explorer}. Not safe for use by several threads. */
  public static final class Builder {
    private long seed;
    private long bitsSeed;
    private boolean followChances;
    private int limit = DEFAULT_LIMIT;

    private Builder() {}

    /** Sets what chances are drawn from that are not followed; 0 by default. */
    @CanIgnoreReturnValue
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Sets what random bits are made from, which are never followed; 0 by default. */
    @CanIgnoreReturnValue
    public Builder bitsSeed(long bitsSeed) {
      this.bitsSeed = bitsSeed;
      return this;
    }

    /** Sets whether both sides of each chance are followed; by default one is drawn. */
    @CanIgnoreReturnValue
    public Builder followChances(boolean followChances) {
      this.followChances = followChances;
      return this;
    }

    /**
     * Sets the largest number of runs, {@link Explorer#DEFAULT_LIMIT} by default.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    @CanIgnoreReturnValue
    public Builder limit(int limit) {
      checkArgument(limit > 0, "at least 1 run, found %s", limit);
      this.limit = limit;
      return this;
    }

    /** Returns the explorer. */
    public Explorer build() {
      return new Explorer(this);
    }
  }
}
