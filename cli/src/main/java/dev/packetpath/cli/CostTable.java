package dev.packetpath.cli;

import com.google.common.base.Strings;
import dev.packetpath.core.cost.CostKind;
import dev.packetpath.iptables.TableName;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.trace.FlowCost;
import dev.packetpath.node.trace.PacketCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Prints what a flow costs: its first packet, and each later one. */
final class CostTable {
  private static final String FRESH = "new connection";
  private static final String ESTABLISHED = "established packet";

  private final FlowCost flow;
  private final Optional<Profile> profile;
  private final Palette palette;
  private final List<String[]> rows = new ArrayList<>();

  private CostTable(FlowCost flow, Optional<Profile> profile, Palette palette) {
    this.flow = flow;
    this.profile = profile;
    this.palette = palette;
  }

  static void print(
      FlowCost flow,
      Optional<Profile> profile,
      String outcome,
      Palette palette,
      StringBuilder out) {
    new CostTable(flow, profile, palette).print(outcome, out);
  }

  private void print(String outcome, StringBuilder out) {
    row("rules evaluated", PacketCost::totalRules);
    for (TableName table : TableName.values()) {
      if (costs().anyMatch(cost -> cost.rules().containsKey(table))) {
        row("  " + table.text(), cost -> cost.rules().getOrDefault(table, 0L));
      }
    }
    if (costs().anyMatch(cost -> cost.nftRules() > 0)) {
      row("  nftables", PacketCost::nftRules);
      row("map and set look-ups of nftables", PacketCost::nftLookups);
    }
    row("match calls", PacketCost::matchCalls);
    row("conntrack operations", PacketCost::conntrackOperations);
    row("NAT operations", PacketCost::natOperations);
    if (costs().anyMatch(cost -> cost.ipvsOperations() > 0)) {
      row("IPVS operations", PacketCost::ipvsOperations);
    }
    row("route lookups", PacketCost::routeLookups);
    profile.ifPresent(this::time);
    int name = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
    out.append(palette.bold("Work of " + flow.flow() + outcome)).append('\n');
    out.append("  ").append(" ".repeat(name)).append("  ").append(palette.bold(FRESH));
    out.append("  ").append(palette.bold(ESTABLISHED)).append('\n');
    for (String[] row : rows) {
      out.append("  ").append(Strings.padEnd(row[0], name, ' ')).append("  ");
      out.append(Strings.padStart(row[1], FRESH.length(), ' ')).append("  ");
      out.append(Strings.padStart(row[2], ESTABLISHED.length(), ' ')).append('\n');
    }
    note().ifPresent(note -> out.append("  ").append(palette.dim(note)).append('\n'));
  }

  private Stream<PacketCost> costs() {
    return Stream.concat(flow.fresh().stream(), flow.established().stream());
  }

  /** Adds the nanoseconds of each kind of work. */
  private void time(Profile by) {
    row("nanoseconds (" + by.name() + ")", cost -> rounded(cost.cost(by.costs()).totalNs()));
    for (CostKind kind : CostKind.values()) {
      if (costs().anyMatch(cost -> cost.cost(by.costs()).ns(kind) > 0)) {
        row("  " + text(kind), cost -> rounded(cost.cost(by.costs()).ns(kind)));
      }
    }
  }

  private static long rounded(double ns) {
    return Math.round(ns);
  }

  private static String text(CostKind kind) {
    return switch (kind) {
      case RULES -> "rules";
      case CONNTRACK -> "conntrack";
      case NAT -> "NAT";
      case IPVS -> "IPVS";
      case OTHER -> "hooks and routes";
    };
  }

  private void row(String name, ToLongFunction<PacketCost> count) {
    rows.add(new String[] {name, text(flow.fresh(), count), text(flow.established(), count)});
  }

  private static String text(Optional<PacketCost> cost, ToLongFunction<PacketCost> count) {
    return cost.map(of -> Long.toString(count.applyAsLong(of))).orElse("-");
  }

  private Optional<String> note() {
    if (flow.probed()) {
      return Optional.of(
          "The established packet was not asked for: measured behind a made-up reply.");
    }
    if (flow.fresh().isPresent() && !flow.confirmed()) {
      return Optional.of(
          "The first packet does not come through, so no connection is established.");
    }
    return flow.established().isEmpty()
        ? Optional.of("The flow does not become established: no later packet belongs to it.")
        : Optional.empty();
  }
}
