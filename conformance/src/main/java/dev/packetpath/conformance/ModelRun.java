package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketJson;
import dev.packetpath.node.ResultJson;
import dev.packetpath.node.SnapshotReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Runs a vector (rules, sets and packets) on the models and returns it completed in the form in
 * which the kernel's answer is recorded: results, counters, connections.
 */
public final class ModelRun {
  private static final List<TableName> REGISTERED =
      List.of(TableName.RAW, TableName.MANGLE, TableName.NAT, TableName.FILTER);

  private static final Pattern SEED = Pattern.compile(" initval \\S+");

  private ModelRun() {}

  /**
   * Returns the vector with what the models say.
   *
   * @throws dev.packetpath.core.SyntaxException if the models refuse the rules or sets
   */
  public static ObjectNode complete(JsonNode vector) {
    Node node = Node.of(snapshot(vector));
    ObjectNode completed = JsonNodeFactory.instance.objectNode();
    ArrayNode packets = completed.putArray("packets");
    int line = 0;
    for (JsonNode packet : vector.path("packets")) {
      ObjectNode output = packets.addObject();
      ResultJson.addTo(output, node.inject(PacketJson.read("packets", ++line, packet.toString())));
    }
    addCounters(node, IpFamily.IPV4, completed.putObject("counters"));
    addCounters(node, IpFamily.IPV6, completed.putObject("counters6"));
    addSets(node, completed.putArray("ipsetAfter"));
    ConntrackJson.write(
        node.conntrack().map(Conntrack::connections).orElse(ImmutableList.of()),
        node.host().clock().nowNs(),
        completed.putArray("conntrack"));
    return completed;
  }

  /** The lines of {@code ipset save}, without the seeds of hashes. */
  private static void addSets(Node node, ArrayNode json) {
    StringBuilder saved = new StringBuilder();
    try {
      node.sets().save(saved);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    saved.toString().lines().forEach(line -> json.add(SEED.matcher(line).replaceAll("")));
  }

  static NodeSnapshot snapshot(JsonNode vector) {
    try {
      return NodeSnapshot.builder()
          .network(LabNode.NETWORK)
          .sysctls(LabNode.SYSCTLS)
          .sets(SnapshotReader.readSets("ipset", new StringReader(vector.path("ipset").asText(""))))
          .ruleset(ruleset(vector, "ruleset", IpFamily.IPV4))
          .ruleset(ruleset(vector, "ruleset6", IpFamily.IPV6))
          .connections(ImmutableList.of())
          .build();
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The four tables are registered whether the rules mention them or not. */
  private static Ruleset ruleset(JsonNode vector, String field, IpFamily family)
      throws IOException {
    Ruleset given =
        RestoreParser.parse(field, family, new StringReader(vector.path(field).asText("")));
    ImmutableList.Builder<Table> tables = ImmutableList.builder();
    tables.addAll(given.tables());
    for (TableName name : REGISTERED) {
      if (given.table(name).isEmpty()) {
        tables.add(Table.empty(name));
      }
    }
    return new Ruleset(family, tables.build());
  }

  private static void addCounters(Node node, IpFamily family, ObjectNode json) {
    Optional<Iptables> iptables = node.iptables(family);
    for (LoadedTable table : iptables.map(Iptables::tables).orElse(ImmutableList.of())) {
      ObjectNode chains = json.putObject(table.name().text());
      for (Chain chain : table.snapshot().chains()) {
        addCounters(table, chain, chains.putObject(chain.name()));
      }
    }
  }

  private static void addCounters(LoadedTable table, Chain chain, ObjectNode json) {
    ArrayNode rules = json.putArray("rules");
    for (int i = 1; i <= chain.rules().size(); i++) {
      Counters counted = table.counted(chain.name(), i);
      rules
          .addObject()
          .put("matched", counted.packets())
          .put("bytes", counted.bytes())
          .put("evaluated", table.evaluated(chain.name(), i));
    }
    if (!chain.rules().isEmpty()) {
      json.put("fell_off_end", table.endReached(chain.name()));
    }
    if (chain.policy().isPresent()) {
      Counters policy = table.policyCounted(chain.name());
      json.put("policy", chain.policy().get().name());
      json.put("policy_packets", policy.packets()).put("policy_bytes", policy.bytes());
    }
  }
}
