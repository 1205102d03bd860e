package dev.packetpath.compare.advice;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.Variant;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the break-even points between variants. */
final class BreakEvens {
  private BreakEvens() {}

  /** Returns the points of all pairs of modes, userspace aside, in the order of the variants. */
  static ImmutableList<BreakEven> of(Grid grid) {
    ImmutableList.Builder<BreakEven> found = ImmutableList.builder();
    List<Variant> variants =
        grid.variants().stream().filter(v -> v.mode() != ProxyMode.USERSPACE).toList();
    for (int keepalive : grid.keepalives()) {
      for (Measure measure : Measure.values()) {
        for (Variant dearer : variants) {
          for (Variant cheaper : variants) {
            if (dearer.mode() != cheaper.mode()) {
              between(grid, measure, keepalive, dearer, cheaper).ifPresent(found::add);
            }
          }
        }
      }
    }
    return found.build();
  }

  /** Returns the size from which on the cheaper one saves what matters, up to the largest size. */
  static Optional<BreakEven> between(
      Grid grid, Measure measure, int keepalive, Variant dearer, Variant cheaper) {
    List<Integer> sizes = new ArrayList<>();
    List<Double> margins = new ArrayList<>();
    for (int size : grid.sizes()) {
      Optional<Row> dear = grid.row(dearer, keepalive, size);
      Optional<Row> cheap = grid.row(cheaper, keepalive, size);
      if (dear.isPresent() && cheap.isPresent()) {
        sizes.add(size);
        margins.add(measure.margin(dear.get(), cheap.get()));
      }
    }
    int at = margins.size();
    while (at > 0 && margins.get(at - 1) > 0) {
      at--;
    }
    if (at == margins.size()) {
      return Optional.empty();
    }
    double services =
        at == 0
            ? sizes.get(0)
            : crossing(sizes.get(at - 1), margins.get(at - 1), sizes.get(at), margins.get(at));
    return Optional.of(new BreakEven(measure, keepalive, dearer, cheaper, services, at == 0));
  }

  private static double crossing(double left, double below, double right, double above) {
    if (Double.isInfinite(below) || Double.isInfinite(above)) {
      return right;
    }
    return left + (right - left) * -below / (above - below);
  }
}
