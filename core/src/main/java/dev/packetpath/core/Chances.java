package dev.packetpath.core;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;

/**
 * Chances that are asked for one after the other until one is had, as the rules of a chain ask that
 * choose an endpoint: thresholds of {@link Decisions#chance}. Immutable.
 *
 * <p>One number, drawn from 0 to 2<sup>62</sup> - 1, answers all of them, as arithmetic coding
 * reads symbols from one number: a chance takes the lower part of the numbers that are left, as
 * large as the chance, and the next chance divides the rest. So no chance is more than
 * 2<sup>-32</sup> off as long as {@link #LEAST_LEFT} numbers are left.
 */
public final class Chances {
  /** How many numbers there are. */
  static final long NUMBERS = 1L << 62;

  /** Of fewer numbers no chance is divided. */
  static final long LEAST_LEFT = 1L << 32;

  private static final int SCALE_BITS = 31;
  private static final long SCALE_MASK = Decisions.CHANCE_SCALE - 1;

  private final int[] thresholds;

  /** Where the numbers begin that have each chance; then those that have none, and their end. */
  private final long[] begins;

  private final boolean takesOneNumber;

  private Chances(int[] thresholds) {
    this.thresholds = thresholds;
    this.begins = new long[thresholds.length + 2];
    boolean divides = thresholds.length > 0;
    for (int i = 0; i < thresholds.length; i++) {
      long left = NUMBERS - begins[i];
      begins[i + 1] = begins[i] + part(left, threshold(i));
      divides &= isUncertain(threshold(i)) && left >= LEAST_LEFT;
    }
    begins[thresholds.length + 1] = NUMBERS;
    this.takesOneNumber = divides;
  }

  /**
   * Returns chances.
   *
   * @param thresholds the first one first, from 0 to 2<sup>31</sup>, unsigned
   * @throws IllegalArgumentException if a threshold is larger
   */
  public static Chances of(int... thresholds) {
    for (int threshold : thresholds) {
      checkArgument(
          Integer.compareUnsigned(threshold, (int) Decisions.CHANCE_SCALE) <= 0,
          "a threshold up to 2^31, found %s",
          Integer.toUnsignedString(threshold));
    }
    return new Chances(thresholds.clone());
  }

  /** Returns how many there are. */
  public int size() {
    return thresholds.length;
  }

  /** Returns a threshold, 0 to {@link Decisions#CHANCE_SCALE}. */
  public long threshold(int place) {
    return Integer.toUnsignedLong(thresholds[place]);
  }

  /** Returns whether a chance may be had and may be not. */
  static boolean isUncertain(long threshold) {
    return threshold > 0 && threshold < Decisions.CHANCE_SCALE;
  }

  /** Returns how many of some numbers have a chance, rounded down. */
  static long part(long numbers, long threshold) {
    return (numbers >>> SCALE_BITS) * threshold
        + (((numbers & SCALE_MASK) * threshold) >>> SCALE_BITS);
  }

  /** Returns whether none is certain and one number is enough for all. */
  boolean takesOneNumber() {
    return takesOneNumber;
  }

  /** Returns how many chances a number, below {@link #NUMBERS}, has not before it has one. */
  int refusals(long number) {
    int refused = 0;
    while (number >= begins[refused + 1]) {
      refused++;
    }
    return refused;
  }

  /** Returns the first of the numbers that so many chances refuse, and the next one does not. */
  long begin(int refused) {
    return begins[refused];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Chances chances && Arrays.equals(thresholds, chances.thresholds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(thresholds);
  }

  @Override
  public String toString() {
    return Arrays.toString(thresholds);
  }
}
