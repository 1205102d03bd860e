package dev.packetpath.cli.calibrate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.Locale;

/**
 * What is measured. In each round every case of packets and connections has its turn, so that what
 * else the machine does meets all alike.
 *
 * @param rounds how many rounds
 * @param restoreRounds how often each rule set is loaded
 * @param packets the packets
 * @param connections the connections
 * @param restores the rule sets whose loading is timed
 */
record MeasurementPlan(
    int rounds,
    int restoreRounds,
    ImmutableList<PacketCase> packets,
    ImmutableList<ConnectionCase> connections,
    ImmutableList<RestoreCase> restores) {
  /** Returns the plan as the program reads it. */
  ObjectNode json() {
    ObjectNode plan = JsonNodeFactory.instance.objectNode();
    plan.put("rounds", rounds);
    plan.put("restoreRounds", restoreRounds);
    ArrayNode packetCases = plan.putArray("packets");
    for (PacketCase packet : packets) {
      packetCases
          .addObject()
          .put("name", packet.name())
          .put("flow", packet.flow().name().toLowerCase(Locale.ROOT))
          .put("to", packet.to())
          .put("ruleset", packet.ruleset())
          .put("ipset", packet.ipset())
          .put("nftables", packet.nftables());
    }
    ArrayNode connectionCases = plan.putArray("connections");
    for (ConnectionCase connection : connections) {
      ObjectNode json =
          connectionCases
              .addObject()
              .put("name", connection.name())
              .put("client", ConnectionCase.CLIENT)
              .put("pods", ConnectionCase.PODS)
              .put("ruleset", connection.ruleset());
      ArrayNode to = json.putArray("to");
      connection.to().forEach(server -> to.addArray().add(server.address()).add(server.port()));
    }
    ArrayNode restoreCases = plan.putArray("restores");
    for (RestoreCase restore : restores) {
      restoreCases.addObject().put("name", restore.name()).put("ruleset", restore.ruleset());
    }
    return plan;
  }
}
