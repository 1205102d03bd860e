package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.core.net.MacAddress;

/**
 * A failing vector as something to run: a shell script, from the project's folder, that asks the
 * kernel and then the models.
 */
final class Reproduction {
  private Reproduction() {}

  /**
   * Returns a script that shows what the kernel and the models do with a vector.
   *
   * @param asked the vector
   * @param answered the kernel's answer, with the time of each packet if it was timed
   */
  static String script(JsonNode asked, JsonNode answered, String backend) {
    StringBuilder out = new StringBuilder("# --- what the kernel does (as root)\n");
    out.append("conformance/kernel/netlab.py record --backend ").append(backend);
    out.append(" - <<'VECTOR'\n").append(asked).append("\nVECTOR\n");
    out.append("# --- what the models do\n");
    out.append(
        "node=$(mktemp -d) && cp conformance/node/* \"$node\" && touch \"$node\"/conntrack.txt\n");
    file(out, "iptables-save.txt", asked.path("ruleset").asText());
    file(out, "ip6tables-save.txt", asked.path("ruleset6").asText());
    file(out, "ipset-save.txt", asked.path("ipset").asText());
    file(out, "packets.jsonl", packets(asked, answered));
    StringBuilder sysctls = new StringBuilder();
    asked
        .path("sysctls")
        .properties()
        .forEach(
            one ->
                sysctls
                    .append(one.getKey())
                    .append(" = ")
                    .append(one.getValue().asText())
                    .append('\n'));
    append(out, "sysctl.txt", sysctls.toString());
    out.append(
        "./packetpath replay --node \"$node\" --packets \"$node\"/packets.jsonl --out"
            + " \"$node\"/result\n");
    return out.append("cat \"$node\"/result/*\n").toString();
  }

  private static String packets(JsonNode asked, JsonNode answered) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < asked.path("packets").size(); i++) {
      ObjectNode packet = asked.path("packets").path(i).deepCopy();
      MacAddress peer = LabNode.PEERS.get(packet.path("inject").asText());
      if (peer != null && !packet.has("srcMac")) {
        packet.put("srcMac", peer.toString());
      }
      JsonNode time = answered.path("packets").path(i).path("result").path("time");
      if (!time.isMissingNode()) {
        packet.set("time", time);
      }
      lines.append(packet).append('\n');
    }
    return lines.toString();
  }

  private static void file(StringBuilder out, String name, String text) {
    write(out, ">", name, text);
  }

  private static void append(StringBuilder out, String name, String text) {
    write(out, ">>", name, text);
  }

  private static void write(StringBuilder out, String how, String name, String text) {
    if (!text.isEmpty()) {
      out.append("cat ").append(how).append(" \"$node\"/").append(name).append(" <<'TEXT'\n");
      out.append(text).append("TEXT\n");
    }
  }
}
