package dev.packetpath.compare.advice;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.Variant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The rows of an experiment by variant, keepalive and size. */
final class Grid {
  private final Map<Cell, Row> rows = new LinkedHashMap<>();

  private record Cell(Variant variant, int keepalive, int services) {}

  Grid(ExperimentResult result) {
    for (Row row : result.rows()) {
      rows.putIfAbsent(
          new Cell(
              Variant.of(row.configuration()),
              row.configuration().keepalive(),
              row.configuration().services()),
          row);
    }
  }

  Optional<Row> row(Variant variant, int keepalive, int services) {
    return Optional.ofNullable(rows.get(new Cell(variant, keepalive, services)));
  }

  ImmutableList<Variant> variants() {
    return rows.keySet().stream()
        .map(Cell::variant)
        .distinct()
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the numbers of requests of a connection, rising. */
  ImmutableList<Integer> keepalives() {
    return rows.keySet().stream()
        .map(Cell::keepalive)
        .distinct()
        .sorted()
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the numbers of Services, rising. */
  ImmutableList<Integer> sizes() {
    return rows.keySet().stream()
        .map(Cell::services)
        .distinct()
        .sorted()
        .collect(ImmutableList.toImmutableList());
  }
}
