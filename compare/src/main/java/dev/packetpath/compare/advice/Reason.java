package dev.packetpath.compare.advice;

import dev.packetpath.compare.Row;
import dev.packetpath.compare.Variant;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;

/** Tells why one variant is advised, by the figures at one size. */
final class Reason {
  private final Grid grid;
  private final int keepalive;
  private final int size;

  Reason(Grid grid, int keepalive, int size) {
    this.grid = grid;
    this.keepalive = keepalive;
    this.size = size;
  }

  String of(Variant best, Variant rival) {
    Row with = grid.row(best, keepalive, size).orElseThrow();
    if (best.equals(rival)) {
      return String.format(
          Locale.ROOT, "With %,d Services %s takes %s.", size, best.text(), figures(with));
    }
    Row without = grid.row(rival, keepalive, size).orElseThrow();
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "With %,d Services and %s, %s takes %s, %s %s",
            size,
            workload(keepalive),
            rival.text(),
            figures(without),
            best.text(),
            figures(with)));
    out.append(mechanism(best, with, rival, without)).append('.');
    int longest = Collections.max(grid.keepalives());
    if (longest > keepalive) {
      kept(best, rival, longest).ifPresent(out::append);
    }
    return out.toString();
  }

  static String workload(int keepalive) {
    return keepalive == 1
        ? "a new connection for each request"
        : String.format(Locale.ROOT, "%,d requests a connection", keepalive);
  }

  private static String figures(Row row) {
    double time = Measure.RESPONSE_TIME.of(row);
    return (Double.isInfinite(time) ? "for ever (overload)" : digits(time) + " ms")
        + " and "
        + digits(row.cpu().total())
        + " core";
  }

  private static String mechanism(Variant best, Row with, Variant rival, Row without) {
    double rules = without.cpu().rules() - with.cpu().rules();
    double sync = without.cpu().sync() - with.cpu().sync();
    if (Math.max(rules, sync) < Measure.CPU.matters(0) / 2) {
      return String.format(
          Locale.ROOT,
          ": a new connection meets %,.0f rules there and %,.0f here",
          without.rulesPerNewConnection().mean(),
          with.rulesPerNewConnection().mean());
    }
    if (rules >= sync) {
      return String.format(
          Locale.ROOT,
          ": %s looks at %,.0f rules for a new connection in the mean, %s at %,.0f",
          rival.text(),
          without.rulesPerNewConnection().mean(),
          best.text(),
          with.rulesPerNewConnection().mean());
    }
    return String.format(
        Locale.ROOT,
        ": the syncs of kube-proxy cost %s core with %s and %s with %s",
        digits(without.cpu().sync()),
        rival.text(),
        digits(with.cpu().sync()),
        best.text());
  }

  /** Returns a number as people compare it: three digits, or two behind the point. */
  private static String digits(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 1 ? "%.3f" : "%.2f", value);
  }

  private Optional<String> kept(Variant best, Variant rival, int longest) {
    Optional<Row> with = grid.row(best, longest, size);
    Optional<Row> without = grid.row(rival, longest, size);
    if (with.isEmpty() || without.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            " With %s the difference is %s ms and %s core: packets of established"
                + " connections meet no rules of Services.",
            workload(longest),
            digits(difference(Measure.RESPONSE_TIME, without.get(), with.get())),
            digits(difference(Measure.CPU, without.get(), with.get()))));
  }

  private static double difference(Measure measure, Row without, Row with) {
    return Math.abs(measure.of(without) - measure.of(with));
  }
}
