package dev.packetpath.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.core.host.Errno;
import dev.packetpath.iptables.TableName;

/** Results of packets as JSON objects, as {@code packetpath replay} writes them. */
public final class ResultJson {
  private ResultJson() {}

  /**
   * Adds to a packet's object what became of it: {@code result} with what was emitted and the error
   * of the sender, {@code rulesTraversed} and {@code work}.
   */
  public static void addTo(ObjectNode packet, PacketResult result) {
    ObjectNode outcome = JsonNodeFactory.instance.objectNode();
    ArrayNode emitted = outcome.putArray("emitted");
    for (Emission emission : result.emissions()) {
      ObjectNode one = emitted.addObject();
      one.put("at", emission.at());
      one.set("pkt", PacketJson.write(emission.packet()));
      if (emission.at().equals(Emission.LOCAL)) {
        one.put("mark", Integer.toUnsignedLong(emission.packet().mark()));
      }
    }
    if (result.errno() != Errno.OK) {
      outcome.put("errno", result.errno().name());
    }
    packet.set("result", outcome);
    ObjectNode traversed = packet.putObject("rulesTraversed");
    for (TableName table : TableName.values()) {
      if (table != TableName.SECURITY || result.rulesTraversed().containsKey(table)) {
        traversed.put(table.text(), result.rulesTraversed().getOrDefault(table, 0L));
      }
    }
    traversed.put("total", result.totalRulesTraversed());
    ObjectNode work = packet.putObject("work");
    result.work().forEach(work::put);
  }
}
