package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.CharSource;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.MacAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.LoadException;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Walk;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.node.Injection;
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

  /** Returns why the models refuse the rules or sets of a vector, if they do. */
  static Optional<String> refusal(JsonNode vector) {
    try {
      Node.of(snapshot(vector));
      return Optional.empty();
    } catch (SyntaxException | LoadException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Returns the vector with what the models say if no time passes.
   *
   * @throws dev.packetpath.core.SyntaxException if the models refuse the rules or sets
   */
  public static ObjectNode complete(JsonNode vector) {
    return complete(vector, KernelTimes.NONE, Walk.COMPILED);
  }

  /**
   * Returns the same, with the rules walked one way or the other; of a vector whose packets were
   * timed, at their times.
   */
  static ObjectNode complete(JsonNode vector, Walk walk) {
    return complete(vector, KernelTimes.of(vector), walk);
  }

  /**
   * Returns the vector with what the models say if each packet comes when the kernel had it, and
   * under {@code draws} how often they drew a random number for it.
   *
   * @throws dev.packetpath.core.SyntaxException if the models refuse the rules or sets
   */
  static ObjectNode complete(JsonNode vector, KernelTimes times) {
    return complete(vector, times, Walk.COMPILED);
  }

  private static ObjectNode complete(JsonNode vector, KernelTimes times, Walk walk) {
    CountedDecisions decisions = new CountedDecisions();
    VirtualClock clock = new VirtualClock(times.epochNs());
    Node node = Node.builder(snapshot(vector)).clock(clock).decisions(decisions).walk(walk).build();
    ObjectNode completed = JsonNodeFactory.instance.objectNode();
    ArrayNode packets = completed.putArray("packets");
    for (JsonNode packet : vector.path("packets")) {
      if (!times.packetsNs().isEmpty()) {
        clock.advanceTo(times.packetsNs().get(packets.size()));
      }
      Injection injection = injection(packet, packets.size() + 1);
      ResultJson.addTo(packets.addObject(), node.inject(injection));
    }
    addCounters(node, IpFamily.IPV4, completed.putObject("counters"));
    addCounters(node, IpFamily.IPV6, completed.putObject("counters6"));
    advance(clock, times.readFromNs());
    ArrayNode connections = completed.putArray("conntrack");
    addConnections(node, connections);
    advance(clock, times.readToNs());
    ArrayNode later = JsonNodeFactory.instance.arrayNode();
    addConnections(node, later);
    ConntrackJson.addLater(connections, later);
    advance(clock, times.setsFromNs());
    addSets(node, completed.putArray("ipsetAfter"));
    advance(clock, times.setsToNs());
    addSets(node, completed.putArray("ipsetLater"));
    return completed.put("draws", decisions.draws());
  }

  private static void advance(VirtualClock clock, long toNs) {
    clock.advanceTo(Math.max(clock.nowNs(), toNs));
  }

  private static void addConnections(Node node, ArrayNode json) {
    ConntrackJson.write(
        node.conntrack().map(Conntrack::connections).orElse(ImmutableList.of()),
        node.host().clock().nowNs(),
        json);
  }

  /** A packet that arrives on a device comes from the peer there. */
  private static Injection injection(JsonNode packet, int line) {
    Injection injection = PacketJson.read("packets", line, packet.toString());
    MacAddress peer = LabNode.PEERS.get(injection.at());
    if (peer != null && injection.packet().sourceMac() == Packet.NO_MAC) {
      injection.packet().sourceMac(peer.bits());
    }
    return injection;
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
      NodeSnapshot.Builder snapshot = NodeSnapshot.builder();
      if (vector.path("conntrackOn").asBoolean(true)) {
        snapshot.connections(ImmutableList.of());
      }
      return snapshot
          .network(network(vector.path("network")))
          .sysctls(sysctls(vector.path("sysctls")))
          .sets(SnapshotReader.readSets("ipset", new StringReader(vector.path("ipset").asText(""))))
          .ruleset(ruleset(vector, "ruleset", IpFamily.IPV4))
          .ruleset(ruleset(vector, "ruleset6", IpFamily.IPV6))
          .build();
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The node's network, or that which a vector brings in the files of a snapshot. */
  private static Network network(JsonNode files) throws IOException {
    if (files.isMissingNode()) {
      return LabNode.NETWORK;
    }
    ImmutableMap.Builder<String, CharSource> texts = ImmutableMap.builder();
    files
        .properties()
        .forEach(f -> texts.put(f.getKey(), CharSource.wrap(f.getValue().toString())));
    return SnapshotReader.read(texts.buildOrThrow()).network();
  }

  private static Sysctls sysctls(JsonNode given) {
    ImmutableMap.Builder<String, String> values = ImmutableMap.builder();
    values.putAll(LabNode.SYSCTLS.asMap());
    given.properties().forEach(field -> values.put(field.getKey(), field.getValue().asText()));
    return new Sysctls(values.buildKeepingLast());
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
