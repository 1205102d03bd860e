package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackStatistics;
import dev.packetpath.conntrack.Zone;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketJson;
import dev.packetpath.node.ResultJson;
import java.util.ArrayDeque;

/** Runs races on the models: each packet is overtaken at FORWARD by all that come after it. */
final class RaceModel {
  private final Node node = Node.of(ModelRun.snapshot(Races.rules()));
  private final Conntrack conntrack = node.conntrack().orElseThrow();
  private final ArrayDeque<Injection> toCome = new ArrayDeque<>();

  RaceModel() {
    node.host()
        .hooks()
        .register(
            IpFamily.IPV4,
            Hook.FORWARD,
            HookPriority.MANGLE,
            "overtake",
            (packet, state) -> {
              if (!toCome.isEmpty()) {
                Injection next = toCome.remove();
                node.host().receive(next.packet(), node.host().network().device(next.at()));
              }
              return Verdict.ACCEPT;
            });
  }

  /** Returns what came of a race, in the form of the laboratory. */
  ObjectNode run(JsonNode race) {
    conntrack.flush();
    ConntrackStatistics before = conntrack.statistics();
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode emitted = answer.putArray("emitted");
    JsonNode packets = race.path("packets");
    packets.forEach(packet -> toCome.add(injection(packet)));
    inject(toCome.remove(), emitted);
    race.path("answers").forEach(packet -> inject(injection(packet), emitted));
    answer.set("counted", TalkModel.counted(before, conntrack.statistics()));
    answer.put("entries", conntrack.size());
    ArrayNode connections = answer.putArray("connections");
    for (JsonNode packet : packets) {
      Connection connection = conntrack.find(TalkModel.tuple(packet.path("tuple")), Zone.DEFAULT);
      if (connection.exists()) {
        ConntrackJson.write(ImmutableList.of(connection), 0, connections);
      }
    }
    return answer;
  }

  private static Injection injection(JsonNode packet) {
    return PacketJson.read("packets", 1, packet.toString());
  }

  private void inject(Injection injection, ArrayNode emitted) {
    ObjectNode step = JsonNodeFactory.instance.objectNode();
    ResultJson.addTo(step, node.inject(injection));
    step.path("result").path("emitted").forEach(emitted::add);
  }
}
