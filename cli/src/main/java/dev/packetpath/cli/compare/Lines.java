package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableList;
import dev.packetpath.cli.chart.Point;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.Variant;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;

/** The rows of an experiment as lines of a chart: by variant and keepalive, against Services. */
final class Lines {
  private final ImmutableList<Row> rows;

  Lines(ImmutableList<Row> rows) {
    this.rows = rows;
  }

  ImmutableList<Variant> variants() {
    return rows.stream()
        .map(row -> Variant.of(row.configuration()))
        .distinct()
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the variants that are overloaded at some size. */
  ImmutableList<Variant> overloaded() {
    return rows.stream()
        .filter(row -> Double.isInfinite(row.responseTime().mean()))
        .map(row -> Variant.of(row.configuration()))
        .distinct()
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the numbers of requests of a connection, rising. */
  ImmutableList<Integer> keepalives() {
    return rows.stream()
        .map(row -> row.configuration().keepalive())
        .distinct()
        .sorted()
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the numbers of Services, rising. */
  ImmutableList<Integer> sizes() {
    return rows.stream()
        .map(row -> row.configuration().services())
        .distinct()
        .sorted()
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns a line; what is no number (a queue that grows for ever) is left out. */
  ImmutableList<Point> points(Variant variant, int keepalive, ToDoubleFunction<Row> value) {
    return rows.stream()
        .filter(row -> row.configuration().keepalive() == keepalive)
        .filter(row -> Variant.of(row.configuration()).equals(variant))
        .filter(row -> Double.isFinite(value.applyAsDouble(row)))
        .map(row -> Point.of(row.configuration().services(), value.applyAsDouble(row)))
        .sorted(Comparator.comparingDouble(Point::x))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the rows of one size and keepalive, in the order of the variants. */
  ImmutableList<Row> at(int services, int keepalive) {
    return rows.stream()
        .filter(row -> row.configuration().keepalive() == keepalive)
        .filter(row -> row.configuration().services() == services)
        .collect(ImmutableList.toImmutableList());
  }
}
