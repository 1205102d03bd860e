package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.BaseEncoding;
import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackStatistics;
import dev.packetpath.conntrack.TableEvent;
import dev.packetpath.conntrack.Tuple;
import dev.packetpath.conntrack.Zone;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketJson;
import dev.packetpath.node.PacketResult;
import dev.packetpath.node.ResultJson;
import java.util.ArrayList;
import java.util.List;

/** Runs conversations on the models, packet by packet. */
final class TalkModel {
  private final VirtualClock clock = new VirtualClock();
  private final CountedDecisions decisions = new CountedDecisions();
  private final Node node;
  private final Conntrack conntrack;
  private final List<TableEvent> events = new ArrayList<>();
  private ConntrackStatistics counted;

  TalkModel(ObjectNode vector) {
    node = Node.builder(ModelRun.snapshot(vector)).clock(clock).decisions(decisions).build();
    conntrack = node.conntrack().orElseThrow();
    counted = conntrack.statistics();
    conntrack.onEvent(events::add);
  }

  /** Returns what the models say of a packet: its result, its connection after it, and events. */
  ObjectNode step(JsonNode packet, long timeNs) {
    clock.advanceTo(Math.max(timeNs, clock.nowNs()));
    ObjectNode step = JsonNodeFactory.instance.objectNode();
    Injection injection = PacketJson.read("packets", 1, packet.toString());
    PacketResult result = node.inject(injection);
    ResultJson.addTo(step, result);
    if (packet.has("payload")) {
      addDetail(step.path("result").path("emitted"), result);
    }
    step.set("counted", counted());
    ArrayNode connections = step.putArray("connections");
    Connection connection = conntrack.find(tuple(packet.path("tuple")), Zone.DEFAULT);
    if (connection.exists()) {
      ConntrackJson.write(ImmutableList.of(connection), clock.nowNs(), connections);
    }
    ArrayNode told = step.putArray("events");
    events.forEach(event -> ConntrackJson.write(event, told));
    events.clear();
    return step;
  }

  /** Adds what the laboratory tells of packets with a payload. */
  private static void addDetail(JsonNode emitted, PacketResult result) {
    for (int i = 0; i < emitted.size(); i++) {
      Packet packet = result.emissions().get(i).packet();
      ObjectNode json = (ObjectNode) emitted.path(i).path("pkt");
      json.put("tos", packet.tos()).put("window", packet.tcpWindow());
      if (packet.family() == IpFamily.IPV4) {
        json.put("df", packet.dontFragment());
      }
      if (packet.tcpOptions().length > 0) {
        json.put("tcpOptions", BaseEncoding.base16().lowerCase().encode(packet.tcpOptions()));
      }
      json.put("payload", BaseEncoding.base16().lowerCase().encode(packet.payload()));
    }
  }

  /** Returns the tuple of a packet in the form of the laboratory. */
  static Tuple tuple(JsonNode json) {
    IpAddress source = IpAddress.parse(json.path("src").asText());
    IpAddress destination = IpAddress.parse(json.path("dst").asText());
    return json.has("type")
        ? Tuple.icmp(
            source,
            destination,
            json.path("id").asInt(),
            json.path("type").asInt(),
            json.path("code").asInt())
        : Tuple.of(
            json.path("proto").asText().equals("tcp") ? IpProtocol.TCP : IpProtocol.UDP,
            source,
            json.path("sport").asInt(),
            destination,
            json.path("dport").asInt());
  }

  /** Returns what was counted since the last call. */
  private ObjectNode counted() {
    ConntrackStatistics before = counted;
    counted = conntrack.statistics();
    return counted(before, counted);
  }

  /** Returns what was counted between two times, by the names in {@code conntrack -S}. */
  static ObjectNode counted(ConntrackStatistics from, ConntrackStatistics to) {
    ImmutableMap<String, Long> before = counters(from);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    counters(to)
        .forEach(
            (name, value) -> {
              long more = value - before.getOrDefault(name, 0L);
              if (more != 0) {
                json.put(name, more);
              }
            });
    return json;
  }

  private static ImmutableMap<String, Long> counters(ConntrackStatistics statistics) {
    return ImmutableMap.<String, Long>builder()
        .put("found", statistics.found())
        .put("invalid", statistics.invalid())
        .put("insert", statistics.insert())
        .put("insert_failed", statistics.insertFailed())
        .put("drop", statistics.drop())
        .put("early_drop", statistics.earlyDrop())
        .put("error", statistics.error())
        .put("search_restart", statistics.searchRestart())
        .put("clash_resolve", statistics.clashResolve())
        .put("chaintoolong", statistics.chainTooLong())
        .buildOrThrow();
  }

  /** Returns how many random numbers were drawn. */
  int draws() {
    return decisions.draws();
  }
}
