package dev.packetpath.node.cost;

import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.core.cost.RuleCost;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Locale;

/** Writes a profile as YAML. */
final class ProfileWriter {
  private final Appendable out;

  ProfileWriter(Appendable out) {
    this.out = out;
  }

  void write(Profile profile) throws IOException {
    line("name: " + quoted(profile.name()));
    line("about: " + quoted(profile.about()));
    line("machine: " + quoted(profile.machine()));
    line("kernel: " + quoted(profile.kernel()));
    line("");
    rules(profile.costs().rules());
    costs("costs", profile.costs().operations());
    costs("sync", profile.sync());
    if (!profile.lab().parameters().isEmpty()) {
      line("");
      line("lab:");
      for (Parameter parameter : profile.lab().parameters().values()) {
        line("  " + parameter.name() + ":");
        line("    value: " + number(parameter.value()));
        if (!parameter.unit().isEmpty()) {
          line("    unit: " + quoted(parameter.unit()));
        }
        origin(parameter.provenance(), parameter.source());
      }
    }
  }

  private void rules(RuleCost rules) throws IOException {
    line("rules:");
    line("  inCacheNs: " + number(rules.inCacheNs()));
    if (!rules.levels().isEmpty()) {
      line("  levels:");
      for (RuleCost.Level level : rules.levels()) {
        line("    - {bytes: " + level.bytes() + ", ns: " + number(level.ns()) + "}");
      }
      if (rules.rise() != RuleCost.Rise.LINE) {
        line("  rise: " + rules.rise().name().toLowerCase(Locale.ROOT));
      }
    }
    line("  how: " + rules.provenance().name().toLowerCase(Locale.ROOT));
    line("  source: " + quoted(rules.source()));
  }

  private void costs(String part, ImmutableSortedMap<String, OperationCost> costs)
      throws IOException {
    if (costs.isEmpty() && part.equals("sync")) {
      return;
    }
    line("");
    line(part + ":" + (costs.isEmpty() ? " {}" : ""));
    for (OperationCost cost : costs.values()) {
      line("  " + cost.operation() + ":");
      line("    ns: " + number(cost.ns()));
      origin(cost.provenance(), cost.source());
    }
  }

  private void origin(Provenance provenance, String source) throws IOException {
    line("    how: " + provenance.name().toLowerCase(Locale.ROOT));
    line("    source: " + quoted(source));
  }

  private void line(String text) throws IOException {
    out.append(text).append('\n');
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
