package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A failing vector as something to run: a shell script for the kernel, and a line for the models.
 */
final class Reproduction {
  private Reproduction() {}

  /** Returns a script that shows what the kernel does with a vector, and how to ask the models. */
  static String script(JsonNode vector, String backend) {
    StringBuilder out =
        new StringBuilder("# --- what the kernel does (as root, in the project's folder)\n");
    out.append("conformance/kernel/netlab.py record --backend ")
        .append(backend)
        .append(" - <<'VECTOR'\n");
    out.append(vector).append("\nVECTOR\n");
    out.append("# --- what the models do\nmkdir -p /tmp/repro && cd /tmp/repro\n");
    file(out, "iptables-save.txt", vector.path("ruleset").asText());
    file(out, "ip6tables-save.txt", vector.path("ruleset6").asText());
    file(out, "ipset-save.txt", vector.path("ipset").asText());
    StringBuilder packets = new StringBuilder();
    vector.path("packets").forEach(packet -> packets.append(packet).append('\n'));
    file(out, "packets.jsonl", packets.toString());
    out.append("touch conntrack.txt; cp \"$OLDPWD\"/conformance/node/*.json .\n");
    out.append("\"$OLDPWD\"/packetpath replay --node . --packets packets.jsonl --out result\n");
    return out.toString();
  }

  private static void file(StringBuilder out, String name, String text) {
    if (!text.isEmpty()) {
      out.append("cat > ").append(name).append(" <<'TEXT'\n").append(text).append("TEXT\n");
    }
  }
}
