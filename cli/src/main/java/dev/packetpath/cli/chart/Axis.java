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

  /** Above the highest value of a logarithmic axis. */
  private static final double ROOM = 1.25;

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

  /** Returns an axis of the values, which are more than 0, with ticks at powers of ten. */
  static Axis logarithmic(double least, double most, double from, double to) {
    int low = (int) Math.floor(Math.log10(least) + 1e-9);
    int high = Math.max(low + 1, (int) Math.floor(Math.log10(most) + 1e-9));
    List<Double> ticks = new ArrayList<>();
    for (int power = low; power <= high; power++) {
      ticks.add(Math.pow(10, power));
    }
    double top = Math.max(Math.pow(10, high), ROOM * most);
    return new Axis(true, Math.pow(10, low), top, from, to, ticks);
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
    double power = Math.log10(value);
    return Math.abs(power - Math.rint(power)) < 1e-9 ? 1 : 2;
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
