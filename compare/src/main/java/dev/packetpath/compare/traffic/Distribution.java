package dev.packetpath.compare.traffic;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.Immutable;
import java.util.SplittableRandom;

/**
 * A distribution of times, nanoseconds, known by its first two moments. Queues depend on no more of
 * it in the mean (Pollaczek and Khinchine).
 *
 * <p>Sampling, {@link #sampleNs}, takes one or two draws and allocates nothing.
 */
@Immutable
public final class Distribution {
  /** Longer times are taken for mistakes: 10,000 s. */
  static final double LONGEST_NS = 1e13;

  private static final Distribution NONE = new Distribution(Shape.CONSTANT, 0, 0, 0);

  /** How a time is made of a draw. */
  private enum Shape {
    /** Always {@code floor}. */
    CONSTANT,
    /** Uniform from {@code floor} over the width {@code first}. */
    UNIFORM,
    /** {@code floor} and an exponential time of the mean {@code first}. */
    SHIFTED_EXPONENTIAL,
    /** Exponential of the mean {@code first} with a chance, else of the mean {@code second}. */
    HYPEREXPONENTIAL
  }

  private final Shape shape;
  private final double floor;
  private final double first;
  private final double second;
  private final double chanceOfFirst;

  private Distribution(Shape shape, double floor, double first, double second) {
    this.shape = shape;
    this.floor = floor;
    this.first = first;
    this.second = second;
    this.chanceOfFirst = shape == Shape.HYPEREXPONENTIAL ? second / (first + second) : 1;
  }

  /** Returns the distribution that is always zero. */
  public static Distribution none() {
    return NONE;
  }

  /**
   * Returns the distribution that is always one time.
   *
   * @param ns the time, nanoseconds, 0 to 1e13
   */
  public static Distribution constant(double ns) {
    return new Distribution(Shape.CONSTANT, checked("time", ns), 0, 0);
  }

  /**
   * Returns an exponential distribution.
   *
   * @param meanNs the mean, nanoseconds, 0 to 1e13
   */
  public static Distribution exponential(double meanNs) {
    return varying(meanNs, 1);
  }

  /**
   * Returns a uniform distribution.
   *
   * @param leastNs the least time, nanoseconds, from 0
   * @param mostNs the greatest time, nanoseconds, at least the least, up to 1e13
   */
  public static Distribution uniform(double leastNs, double mostNs) {
    checked("least time", leastNs);
    checked("greatest time", mostNs);
    checkArgument(leastNs <= mostNs, "greatest time: %s ns, expected at least %s", mostNs, leastNs);
    return new Distribution(Shape.UNIFORM, leastNs, mostNs - leastNs, 0);
  }

  /**
   * Returns a distribution by its mean and squared coefficient of variation: a least time and an
   * exponential rest where the variation is at most 1, and a mixture of two exponentials with
   * balanced means where it is more.
   *
   * @param meanNs the mean, nanoseconds, 0 to 1e13
   * @param variation the variance divided by the square of the mean, 0 to 1,000
   */
  public static Distribution varying(double meanNs, double variation) {
    checked("mean", meanNs);
    checkArgument(
        variation >= 0 && variation <= 1_000,
        "squared coefficient of variation: %s, expected 0 to 1000",
        variation);
    if (variation == 0) {
      return constant(meanNs);
    }
    if (variation <= 1) {
      double rest = meanNs * Math.sqrt(variation);
      return new Distribution(Shape.SHIFTED_EXPONENTIAL, meanNs - rest, rest, 0);
    }
    double chance = (1 + Math.sqrt((variation - 1) / (variation + 1))) / 2;
    return new Distribution(
        Shape.HYPEREXPONENTIAL, 0, meanNs / (2 * chance), meanNs / (2 * (1 - chance)));
  }

  private static double checked(String what, double ns) {
    checkArgument(ns >= 0 && ns <= LONGEST_NS, "%s: %s ns, expected 0 to %s", what, ns, LONGEST_NS);
    return ns;
  }

  /** Returns the mean, nanoseconds. */
  public double meanNs() {
    return switch (shape) {
      case CONSTANT -> floor;
      case UNIFORM -> floor + first / 2;
      case SHIFTED_EXPONENTIAL -> floor + first;
      case HYPEREXPONENTIAL -> chanceOfFirst * first + (1 - chanceOfFirst) * second;
    };
  }

  /** Returns the variance, square nanoseconds. */
  public double variance() {
    return switch (shape) {
      case CONSTANT -> 0;
      case UNIFORM -> first * first / 12;
      case SHIFTED_EXPONENTIAL -> first * first;
      case HYPEREXPONENTIAL -> {
        double square = 2 * (chanceOfFirst * first * first + (1 - chanceOfFirst) * second * second);
        yield square - meanNs() * meanNs();
      }
    };
  }

  /** Returns whether every time is zero. */
  public boolean isZero() {
    return floor == 0 && first == 0;
  }

  /** Returns one time, rounded to whole nanoseconds. */
  long sampleNs(SplittableRandom random) {
    double ns =
        switch (shape) {
          case CONSTANT -> floor;
          case UNIFORM -> floor + first * random.nextDouble();
          case SHIFTED_EXPONENTIAL -> floor - first * Math.log(1 - random.nextDouble());
          case HYPEREXPONENTIAL -> {
            double mean = random.nextDouble() < chanceOfFirst ? first : second;
            yield -mean * Math.log(1 - random.nextDouble());
          }
        };
    return Math.round(ns);
  }
}
