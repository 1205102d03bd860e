package dev.packetpath.cli.calibrate;

import java.util.HashMap;
import java.util.Map;

/** What one work does more than another. */
final class WorkMore {
  private WorkMore() {}

  /** Returns how much oftener each operation ran, without those that ran as often. */
  static Map<String, Double> of(
      Map<String, ? extends Number> work, Map<String, ? extends Number> than) {
    Map<String, Double> more = new HashMap<>();
    work.forEach((operation, times) -> more.merge(operation, times.doubleValue(), Double::sum));
    than.forEach((operation, times) -> more.merge(operation, -times.doubleValue(), Double::sum));
    more.values().removeIf(times -> times == 0);
    return more;
  }
}
