package dev.packetpath.compare.advice;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.Variant;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Says which mode to run.
 *
 * <p>A mode is worth the change from another when it saves a tenth of the mean response time or a
 * fiftieth of a core and loses nothing that matters by the other measure. Among modes that do not
 * differ, iptables stays, being kube-proxy's default, and nftables goes before IPVS, for its
 * program holds what each connection needs in maps and needs no second subsystem. userspace is gone
 * since Kubernetes 1.26 and is advised to nobody. Of iptables the layout of today's releases counts
 * where it is among the results.
 */
public final class Advisor {
  private static final List<ProxyMode> PREFERRED =
      List.of(ProxyMode.IPTABLES, ProxyMode.NFTABLES, ProxyMode.IPVS, ProxyMode.USERSPACE);

  private final Grid grid;
  private final int keepalive;

  private Advisor(Grid grid) {
    this.grid = grid;
    this.keepalive = grid.keepalives().get(0);
  }

  /**
   * Returns the advice for the sizes of a result.
   *
   * @throws IllegalArgumentException if there is no row
   */
  public static Advice of(ExperimentResult result) {
    checkArgument(!result.rows().isEmpty(), "no rows, expected at least one");
    return new Advisor(new Grid(result)).advise();
  }

  private Advice advise() {
    ImmutableList<Integer> sizes = grid.sizes();
    int least = sizes.get(0);
    int most = sizes.get(sizes.size() - 1);
    ImmutableList<Variant> candidates = candidates(most);
    Variant usual = candidates.get(0);
    Variant best = best(candidates, most);
    return new Advice(
        sentence(usual, best, least, most),
        new Reason(grid, keepalive, most).of(best, rival(candidates, best, most)),
        BreakEvens.of(grid));
  }

  /** Returns the variants that have a row at a size, the one that is kept in doubt first. */
  private ImmutableList<Variant> candidates(int size) {
    List<Variant> present =
        grid.variants().stream()
            .filter(variant -> grid.row(variant, keepalive, size).isPresent())
            .toList();
    List<Variant> today =
        present.stream()
            .filter(
                variant ->
                    variant.isCurrent()
                        || present.stream()
                            .noneMatch(v -> v.mode() == variant.mode() && v.isCurrent()))
            .toList();
    List<Variant> living = today.stream().filter(v -> v.mode() != ProxyMode.USERSPACE).toList();
    return ImmutableList.sortedCopyOf(
        Comparator.comparingInt((Variant variant) -> PREFERRED.indexOf(variant.mode())),
        living.isEmpty() ? today : living);
  }

  private Variant best(ImmutableList<Variant> candidates, int size) {
    Variant best = candidates.get(0);
    for (Variant candidate : candidates) {
      if (isWorthIt(row(best, size), row(candidate, size))) {
        best = candidate;
      }
    }
    return best;
  }

  private static boolean isWorthIt(Row from, Row to) {
    boolean saves = false;
    for (Measure measure : Measure.values()) {
      if (measure.margin(to, from) > 0) {
        return false;
      }
      saves |= measure.margin(from, to) > 0;
    }
    return saves;
  }

  /** Returns what the best is compared with: what is kept in doubt, or the next best. */
  private Variant rival(ImmutableList<Variant> candidates, Variant best, int size) {
    if (!best.equals(candidates.get(0))) {
      return candidates.get(0);
    }
    return candidates.stream()
        .filter(variant -> !variant.equals(best))
        .min(Comparator.comparingDouble(v -> Measure.RESPONSE_TIME.of(row(v, size))))
        .orElse(best);
  }

  private Row row(Variant variant, int size) {
    return grid.row(variant, keepalive, size).orElseThrow();
  }

  private String sentence(Variant usual, Variant best, int least, int most) {
    String name = best.modeName();
    if (grid.variants().size() == 1) {
      return String.format(
          Locale.ROOT, "Only %s was looked at; name more modes to compare.", best.text());
    }
    if (best.equals(usual)) {
      return least == most
          ? String.format(Locale.ROOT, "With %,d Services keep %s.", most, name)
          : String.format(
              Locale.ROOT, "Keep %s: up to %,d Services no mode is worth a change.", name, most);
    }
    if (least == most) {
      return String.format(
          Locale.ROOT, "With %,d Services use %s instead of %s.", most, name, usual.modeName());
    }
    OptionalDouble from =
        Arrays.stream(Measure.values())
            .flatMap(m -> BreakEvens.between(grid, m, keepalive, usual, best).stream())
            .filter(point -> !point.everywhere())
            .mapToDouble(BreakEven::services)
            .min();
    boolean everywhere =
        Arrays.stream(Measure.values())
            .flatMap(m -> BreakEvens.between(grid, m, keepalive, usual, best).stream())
            .anyMatch(BreakEven::everywhere);
    if (everywhere || from.isEmpty()) {
      return String.format(Locale.ROOT, "Use %s: it pays from %,d Services on.", name, least);
    }
    return String.format(
        Locale.ROOT,
        "Up to about %,d Services %s does as well; beyond, use %s.",
        rounded(from.getAsDouble()),
        usual.modeName(),
        name);
  }

  /** Returns a number with two digits that count. */
  static long rounded(double services) {
    double power = Math.pow(10, Math.max(0, Math.floor(Math.log10(services)) - 1));
    return Math.round(Math.round(services / power) * power);
  }
}
