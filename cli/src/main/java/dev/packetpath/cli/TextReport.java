package dev.packetpath.cli;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.iptables.TableName;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.explore.Exploration;
import dev.packetpath.node.explore.Outcome;
import dev.packetpath.node.explore.Probability;
import dev.packetpath.node.trace.Assumption;
import dev.packetpath.node.trace.FlowCost;
import dev.packetpath.node.trace.TraceAnswer;
import dev.packetpath.node.trace.TraceRun;
import dev.packetpath.node.trace.TracedPacket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints the answer of a trace for people. */
final class TextReport {
  private static final int DIGITS = 11;
  private static final int MOST_PATHS = 4;

  private final Palette palette;
  private final Optional<Profile> profile;
  private final StringBuilder out = new StringBuilder();

  private TextReport(Optional<Profile> profile, Palette palette) {
    this.profile = profile;
    this.palette = palette;
  }

  /**
   * Returns the text.
   *
   * @param listed whether the outcomes of random choices are listed ({@code --all})
   * @param profile what prices the work, if it is to be priced
   */
  static String of(
      TraceAnswer answer, boolean listed, long seed, Optional<Profile> profile, Palette palette) {
    TextReport report = new TextReport(profile, palette);
    report.write(answer, listed, seed);
    return report.out.toString();
  }

  private void write(TraceAnswer answer, boolean listed, long seed) {
    Exploration<TraceRun> exploration = answer.exploration();
    List<Outcome<TraceRun>> outcomes = exploration.outcomes();
    boolean several = outcomes.size() > 1;
    if (listed || several) {
      list(exploration);
    }
    boolean guessed = outcomes.stream().anyMatch(outcome -> !outcome.conditions().isEmpty());
    int paths = guessed && !listed ? Math.min(MOST_PATHS, outcomes.size()) : 1;
    for (int i = 0; i < paths; i++) {
      if (several) {
        String conditions = OutcomeText.conditions(outcomes.get(i).conditions());
        out.append(palette.bold("Outcome " + (i + 1)));
        out.append(conditions.isEmpty() ? "" : ": " + conditions).append('\n');
      }
      packets(outcomes.get(i).result().packets());
    }
    notes(answer, listed, seed);
    assumptions(answer.assumptions());
    costs(outcomes, several);
    out.setLength(out.length() - 1);
  }

  /** Prints the costs of the first outcome in which every flow comes through, if there is one. */
  private void costs(List<Outcome<TraceRun>> outcomes, boolean several) {
    int shown = 0;
    for (int i = outcomes.size() - 1; i >= 0; i--) {
      if (outcomes.get(i).result().flows().stream().allMatch(FlowCost::confirmed)) {
        shown = i;
      }
    }
    for (FlowCost flow : outcomes.get(shown).result().flows()) {
      CostTable.print(flow, profile, several ? ", outcome " + (shown + 1) : "", palette, out);
      out.append('\n');
    }
  }

  private void packets(List<TracedPacket> packets) {
    for (int i = 0; i < packets.size(); i++) {
      if (packets.size() > 1) {
        out.append(palette.bold((i + 1) + ". "));
      }
      packet(packets.get(i));
    }
  }

  private void packet(TracedPacket packet) {
    out.append(palette.bold(packet.packet().toString()));
    out.append(
        palette.dim(packet.at().equals("local") ? "  sent by this node" : "  in " + packet.at()));
    out.append('\n');
    PathText.print(packet.path(), palette, out);
    rules(packet);
    packet.paths().stream()
        .skip(1)
        .forEach(
            path -> {
              out.append("  ").append(palette.bold("answer")).append("  ");
              out.append(path.start()).append(palette.dim(" by " + path.origin())).append('\n');
              PathText.print(path, palette, out);
            });
    out.append('\n');
  }

  private void rules(TracedPacket packet) {
    ImmutableMap<TableName, Long> rules = packet.result().rulesTraversed();
    long ofNftables = packet.result().nftRulesTraversed();
    if (rules.isEmpty() && ofNftables == 0) {
      return;
    }
    Stream<String> tables =
        rules.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .filter(table -> table.getValue() > 0)
            .map(table -> table.getKey() + " " + table.getValue());
    Stream<String> nftables =
        ofNftables == 0 ? Stream.of() : Stream.of("nftables " + ofNftables + " (not shown)");
    String counts = Stream.concat(tables, nftables).collect(Collectors.joining(", "));
    long total = packet.result().totalRulesTraversed() + ofNftables;
    out.append("     ");
    out.append(total).append(total == 1 ? " rule evaluated" : " rules evaluated");
    out.append(counts.isEmpty() ? "" : ": " + counts).append('\n');
  }

  private void list(Exploration<TraceRun> exploration) {
    List<Outcome<TraceRun>> outcomes = exploration.outcomes();
    out.append(palette.bold(outcomes.size() + (outcomes.size() == 1 ? " outcome" : " outcomes")));
    out.append('\n');
    boolean chances = outcomes.stream().anyMatch(outcome -> !outcome.probability().isCertain());
    int fraction =
        outcomes.stream().mapToInt(o -> o.probability().toString().length()).max().orElse(0);
    int number = Integer.toString(outcomes.size()).length();
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome<TraceRun> outcome = outcomes.get(i);
      String head = "  " + Strings.padStart(Integer.toString(i + 1), number, ' ') + "  ";
      if (chances) {
        head +=
            Strings.padStart(outcome.probability().toString(), fraction, ' ')
                + "  "
                + outcome.probability().toDecimal(DIGITS)
                + "  ";
      }
      String conditions = OutcomeText.conditions(outcome.conditions());
      if (!conditions.isEmpty()) {
        String option = conditions.contains(" is in set ") ? palette.dim("  (--ipset FILE)") : "";
        out.append(head).append(palette.changed(conditions)).append(option).append('\n');
        head = " ".repeat(head.length());
      }
      for (String result : OutcomeText.results(outcome.result(), outcomes)) {
        out.append(head).append(result).append('\n');
        head = " ".repeat(head.length());
      }
    }
    for (Exploration.LeftOut left : exploration.leftOut()) {
      out.append("  left out: ").append(left.probability()).append("  ");
      out.append(left.probability().toDecimal(DIGITS)).append("  ");
      out.append(OutcomeText.conditions(left.conditions())).append('\n');
    }
    if (chances) {
      sum(exploration);
    }
    out.append('\n');
  }

  /** Says that the chances add up, where there is nothing but chance. */
  private void sum(Exploration<TraceRun> exploration) {
    if (exploration.outcomes().stream().anyMatch(outcome -> !outcome.conditions().isEmpty())) {
      return;
    }
    Probability sum =
        exploration.outcomes().stream()
            .map(Outcome::probability)
            .reduce(Probability.ZERO, Probability::plus);
    out.append("  sum ").append(sum).append('\n');
  }

  private void notes(TraceAnswer answer, boolean listed, long seed) {
    boolean drewChance = answer.exploration().drewChance() && !listed;
    if (drewChance) {
      out.append("Random choices were drawn with --seed ").append(seed);
      out.append("; --all lists every outcome and its probability.\n");
    }
    if (answer.drewPort()) {
      out.append("A port or an address was drawn with --seed ").append(seed).append(".\n");
    }
    if (drewChance || answer.drewPort()) {
      out.append('\n');
    }
  }

  private void assumptions(List<Assumption> assumptions) {
    if (assumptions.isEmpty()) {
      return;
    }
    out.append(palette.bold("Assumed")).append('\n');
    for (Assumption assumption : assumptions) {
      out.append("  ").append(assumption.premise().statement());
      out.append(palette.dim("  (" + assumption.premise().option() + ")"));
      List<Assumption.Alternative> others = assumption.alternatives();
      for (Assumption.Alternative other : others) {
        out.append(others.size() == 1 ? "; " : "\n    ");
        out.append(other.premise().shortly()).append(": ").append(other.result());
      }
      out.append('\n');
    }
    out.append('\n');
  }
}
