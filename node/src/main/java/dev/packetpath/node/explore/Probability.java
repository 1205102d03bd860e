package dev.packetpath.node.explore;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.Decisions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * An exact probability, a fraction in lowest terms.
 *
 * @param numerator from 0 to the denominator
 * @param denominator at least 1
 */
public record Probability(BigInteger numerator, BigInteger denominator)
    implements Comparable<Probability> {
  /** Never. */
  public static final Probability ZERO = new Probability(BigInteger.ZERO, BigInteger.ONE);

  /** Always. */
  public static final Probability ONE = new Probability(BigInteger.ONE, BigInteger.ONE);

  /**
   * Reduces the fraction.
   *
   * @throws IllegalArgumentException if it does not lie between 0 and 1
   */
  public Probability {
    checkArgument(
        denominator.signum() > 0
            && numerator.signum() >= 0
            && numerator.compareTo(denominator) <= 0,
        "a probability lies between 0 and 1, found %s/%s",
        numerator,
        denominator);
    BigInteger common = numerator.gcd(denominator);
    numerator = numerator.divide(common);
    denominator = denominator.divide(common);
  }

  /** Returns the probability that 31 random bits are below a threshold of 0 to 2<sup>31</sup>. */
  public static Probability below(long threshold) {
    return new Probability(
        BigInteger.valueOf(threshold), BigInteger.valueOf(Decisions.CHANCE_SCALE));
  }

  /** Returns the probability that this does not happen. */
  public Probability complement() {
    return new Probability(denominator.subtract(numerator), denominator);
  }

  /** Returns the probability that this and something independent of it happen. */
  public Probability times(Probability other) {
    return new Probability(
        numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  /**
   * Returns the probability that this happens or something that excludes it.
   *
   * @throws IllegalArgumentException if the sum is above 1
   */
  public Probability plus(Probability other) {
    return new Probability(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  /** Returns whether this is 1. */
  public boolean isCertain() {
    return numerator.equals(denominator);
  }

  /** Returns the value with so many digits behind the point, rounded half up. */
  public String toDecimal(int digits) {
    return new BigDecimal(numerator)
        .divide(new BigDecimal(denominator), digits, RoundingMode.HALF_UP)
        .toPlainString();
  }

  @Override
  public int compareTo(Probability other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  /** Returns {@code numerator/denominator}, or {@code 0} or {@code 1}. */
  @Override
  public String toString() {
    return denominator.equals(BigInteger.ONE)
        ? numerator.toString()
        : numerator + "/" + denominator;
  }
}
