package dev.packetpath.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.iptables.syntax.ReadNote;
import dev.packetpath.node.PacketJson;
import dev.packetpath.node.ResultJson;
import dev.packetpath.node.cost.CostJson;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.explore.Exploration;
import dev.packetpath.node.explore.Outcome;
import dev.packetpath.node.explore.Probability;
import dev.packetpath.node.trace.Assumption;
import dev.packetpath.node.trace.FlowCost;
import dev.packetpath.node.trace.PacketCost;
import dev.packetpath.node.trace.PathSummary;
import dev.packetpath.node.trace.TraceAnswer;
import dev.packetpath.node.trace.TraceRun;
import dev.packetpath.node.trace.TracedPacket;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prints the answer of a trace for programs: one JSON object. */
final class JsonReport {
  private static final int DIGITS = 18;

  private final Optional<Profile> profile;

  private JsonReport(Optional<Profile> profile) {
    this.profile = profile;
  }

  /**
   * Returns the text.
   *
   * @param profile what prices the work, if it is to be priced
   */
  static String of(TraceAnswer answer, List<ReadNote> notes, Optional<Profile> profile) {
    return new JsonReport(profile).of(answer, notes);
  }

  private String of(TraceAnswer answer, List<ReadNote> notes) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    Exploration<TraceRun> exploration = answer.exploration();
    ArrayNode outcomes = root.putArray("outcomes");
    exploration.outcomes().forEach(outcome -> outcome(outcomes.addObject(), outcome));
    ArrayNode leftOut = root.putArray("leftOut");
    for (Exploration.LeftOut left : exploration.leftOut()) {
      probability(conditions(leftOut.addObject(), left.conditions()), left.probability());
    }
    root.put("drewPort", answer.drewPort());
    profile.ifPresent(of -> root.put("profile", of.name()));
    ArrayNode assumptions = root.putArray("assumptions");
    answer.assumptions().forEach(assumption -> assumption(assumptions.addObject(), assumption));
    ArrayNode noted = root.putArray("notes");
    notes.forEach(note -> noted.add(note.toString()));
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private void outcome(ObjectNode node, Outcome<TraceRun> outcome) {
    probability(conditions(node, outcome.conditions()), outcome.probability());
    ArrayNode packets = node.putArray("packets");
    outcome.result().packets().forEach(packet -> packet(packets.addObject(), packet));
    ArrayNode flows = node.putArray("flows");
    outcome.result().flows().forEach(flow -> flow(flows.addObject(), flow));
  }

  private static ObjectNode conditions(ObjectNode node, Map<String, Boolean> conditions) {
    ArrayNode array = node.putArray("conditions");
    conditions.forEach(
        (statement, holds) -> array.addObject().put("statement", statement).put("holds", holds));
    return node;
  }

  private static void probability(ObjectNode node, Probability probability) {
    node.put("probability", probability.toString());
    node.put("decimal", probability.toDecimal(DIGITS));
  }

  private static void packet(ObjectNode node, TracedPacket packet) {
    node.put("request", packet.request().text());
    node.put("inject", packet.at());
    node.set("packet", PacketJson.write(packet.packet()));
    node.put("summary", PathSummary.of(packet.path()));
    ArrayNode paths = node.putArray("paths");
    packet.paths().forEach(path -> paths.add(PathJson.of(path)));
    ResultJson.addTo(node, packet.result());
  }

  private void flow(ObjectNode node, FlowCost flow) {
    node.put("flow", flow.flow());
    flow.fresh().ifPresent(cost -> cost(node.putObject("newConnection"), cost));
    node.put("confirmed", flow.confirmed());
    flow.established().ifPresent(cost -> cost(node.putObject("establishedPacket"), cost));
    node.put("probed", flow.probed());
  }

  private void cost(ObjectNode node, PacketCost cost) {
    ObjectNode rules = node.putObject("rulesTraversed");
    cost.rules().forEach((table, count) -> rules.put(table.text(), count));
    if (cost.nftRules() > 0) {
      rules.put("nftables", cost.nftRules());
    }
    rules.put("total", cost.totalRules());
    node.put("matchCalls", cost.matchCalls());
    node.put("conntrackOperations", cost.conntrackOperations());
    node.put("natOperations", cost.natOperations());
    node.put("routeLookups", cost.routeLookups());
    ObjectNode work = node.putObject("work");
    cost.work().forEach(work::put);
    profile.ifPresent(of -> CostJson.write(cost.cost(of.costs()), node.putObject("ns")));
  }

  private static void assumption(ObjectNode node, Assumption assumption) {
    node.put("statement", assumption.premise().statement());
    node.put("option", assumption.premise().option());
    ArrayNode otherwise = node.putArray("otherwise");
    for (Assumption.Alternative other : assumption.alternatives()) {
      otherwise
          .addObject()
          .put("statement", other.premise().statement())
          .put("result", other.result());
    }
  }
}
