package dev.packetpath.cli.chart;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Values laid out on a line of pixels. */
final class Axis {
  private static final int WANTED_TICKS = 5;
  private static final double TICK_DISTANCE = 44;

  private static final double EXACT = 1e-9;

  /** The longest range, as a ratio, with ticks between the powers of ten. */
  private static final double SHORT = 300;

  private final boolean logarithmic;
  private final double least;
  private final double most;
  private final double from;
  private final double to;
  private final ImmutableList<Double> ticks;

  private Axis(
      boolean logarithmic, double least, double most, double from, double to, List<Double> ticks) {
    this.logarithmic = logarithmic;
    this.least = least;
    this.most = most;
    this.from = from;
    this.to = to;
    this.ticks = ImmutableList.copyOf(ticks);
  }

  /** Returns an axis of values from 0 to {@code most} or a little more, with round ticks. */
  static Axis linear(double most, double from, double to) {
    double step = roundStep(Math.max(most, 1e-9) / WANTED_TICKS);
    long count = (long) Math.ceil(most / step - 1e-9);
    List<Double> ticks = new ArrayList<>();
    for (long i = 0; i <= Math.max(1, count); i++) {
      ticks.add(i * step);
    }
    return new Axis(false, 0, ticks.get(ticks.size() - 1), from, to, ticks);
  }

  /**
   * Returns an axis of the values, which are more than 0, between round numbers, with ticks at
   * powers of ten; in a short range at 2 and 5 times these too.
   */
  static Axis logarithmic(double least, double most, double from, double to) {
    List<Double> round = new ArrayList<>();
    int low = (int) Math.floor(Math.log10(least) + EXACT);
    int high = (int) Math.ceil(Math.log10(most) - EXACT);
    for (int power = low; power <= high + 1; power++) {
      for (int digit : new int[] {1, 2, 5}) {
        round.add(digit * Math.pow(10, power));
      }
    }
    double bottom =
        round.stream()
            .filter(value -> value <= least * (1 + EXACT))
            .max(Double::compare)
            .orElseThrow();
    double top =
        round.stream()
            .filter(value -> value >= most * (1 - EXACT) && value > bottom)
            .min(Double::compare)
            .orElseThrow();
    boolean wide = top > SHORT * bottom;
    List<Double> ticks =
        round.stream()
            .filter(value -> value >= bottom && value <= top)
            .filter(value -> !wide || isPowerOfTen(value))
            .toList();
    return new Axis(true, bottom, top, from, to, ticks);
  }

  /**
   * Returns an axis with a tick at each value, as far as there is room; logarithmic where the
   * values span more than a power of ten.
   */
  static Axis at(List<Double> values, double from, double to) {
    double least = Collections.min(values);
    double most = Collections.max(values);
    boolean log = least > 0 && most >= 10 * least;
    // One value alone stands in the middle.
    double low = least < most ? least : least / 2;
    double high = least < most ? most : Math.max(1, most * 1.5);
    Axis bare = new Axis(log, low, high, from, to, List.of());
    List<Double> ticks = new ArrayList<>();
    List<Double> wanted = new ArrayList<>(values.stream().distinct().sorted().toList());
    // The ends and round numbers first.
    wanted.sort((a, b) -> Integer.compare(rank(a, least, most), rank(b, least, most)));
    for (double value : wanted) {
      if (ticks.stream()
          .allMatch(tick -> Math.abs(bare.place(tick) - bare.place(value)) >= TICK_DISTANCE)) {
        ticks.add(value);
      }
    }
    Collections.sort(ticks);
    return new Axis(log, low, high, from, to, ticks);
  }

  private static int rank(double value, double least, double most) {
    if (value == least || value == most) {
      return 0;
    }
    return isPowerOfTen(value) ? 1 : 2;
  }

  private static boolean isPowerOfTen(double value) {
    double power = Math.log10(value);
    return Math.abs(power - Math.rint(power)) < EXACT;
  }

  private static double roundStep(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double part = rough / power;
    if (part <= 1) {
      return power;
    }
    if (part <= 2) {
      return 2 * power;
    }
    return part <= 5 ? 5 * power : 10 * power;
  }

  ImmutableList<Double> ticks() {
    return ticks;
  }

  /** Returns the pixel of a value; what lies outside stands at the end. */
  double place(double value) {
    double inside = Math.min(most, Math.max(least, value));
    double share =
        logarithmic
            ? Math.log(inside / least) / Math.log(most / least)
            : (inside - least) / (most - least);
    return from + share * (to - from);
  }

  /** Returns a tick as people write it: {@code 10,000}, {@code 0.5}. */
  static String text(double value) {
    if (value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,d", Math.round(value));
    }
    String digits = String.format(Locale.ROOT, "%.4f", value);
    return digits.replaceFirst("0+$", "");
  }
}
