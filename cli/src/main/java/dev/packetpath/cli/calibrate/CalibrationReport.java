package dev.packetpath.cli.calibrate;

import static java.util.Locale.ROOT;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import dev.packetpath.core.cost.CostModel;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.core.cost.RuleCost;
import dev.packetpath.node.cost.Profile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code calibrate} prints.
 *
 * @param machine the machine
 * @param measured what was measured
 * @param profile the profile that came of it
 */
record CalibrationReport(Machine machine, Measurements measured, Profile profile) {
  String text() {
    StringBuilder out = new StringBuilder();
    out.append(machine.kernel()).append(" on ").append(machine.description()).append("\n\n");
    line(out, "%-44s %12s %12s%n", "ns a packet", "5th percent.", "median");
    measured
        .packets()
        .forEach((name, ns) -> line(out, "  %-42s %12.0f %12.0f%n", name, ns.low(), ns.median()));
    out.append("us a connect(), mean over destinations\n");
    measured
        .connections()
        .forEach(
            (name, to) ->
                line(
                    out,
                    "  %-42s %12.1f %12.1f%n",
                    name,
                    to.stream().mapToDouble(Samples::low).average().orElseThrow() / 1e3,
                    to.stream().mapToDouble(Samples::median).average().orElseThrow() / 1e3));
    measured
        .restores()
        .forEach(
            (name, seconds) ->
                line(
                    out,
                    "s to restore%n  %-42s %12.3f %12.3f%n",
                    name,
                    seconds.low(),
                    seconds.median()));
    out.append(rules()).append(noise()).append(hidden());
    return out.toString();
  }

  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(ROOT, format, values));
  }

  private String hidden() {
    List<String> hidden = new ArrayList<>();
    if (profile.costs().rules().provenance() == Provenance.ASSUMED) {
      hidden.add(CostModel.RULE_EVALUATED);
    }
    profile.costs().operations().values().stream()
        .filter(cost -> cost.source().startsWith(BaseFigures.IN_NOISE))
        .forEach(cost -> hidden.add(cost.operation()));
    return hidden.isEmpty()
        ? ""
        : "less than the noise, so the base profile's: " + String.join(", ", hidden) + "\n";
  }

  private String rules() {
    double none = measured.packetNs(PacketCases.RAW.name());
    RuleCost rules = profile.costs().rules();
    return "\nns a rule, back to back: "
        + PacketCases.LENGTHS.stream()
            .map(
                length ->
                    String.format(
                        ROOT,
                        "%.1f of %d",
                        (measured.packetNs(PacketCases.chain(length).name()) - none) / length,
                        length))
            .collect(Collectors.joining(", "))
        + "; in connections to Services: "
        + rules.levels().stream()
            .skip(1)
            .map(
                level ->
                    String.format(
                        ROOT,
                        "%.1f of %d",
                        rules.uniformNs((double) level.bytes()),
                        level.bytes() / RuleCurve.RULE_BYTES))
            .collect(Collectors.joining(", "))
        + "\n";
  }

  private String noise() {
    return String.format(
        ROOT,
        "noise: the median is %.0f%% above the 5th percentile for packets, %.0f%% for connections%n",
        100 * (noise(measured.packets().values()) - 1),
        100 * (noise(ImmutableList.copyOf(Iterables.concat(measured.connections().values()))) - 1));
  }

  private static double noise(Collection<Samples> all) {
    return all.stream().mapToDouble(Samples::noise).average().orElseThrow();
  }
}
