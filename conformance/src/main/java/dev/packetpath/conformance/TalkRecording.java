package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Joiner;
import dev.packetpath.core.VirtualClock;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the kernel did with TCP segments that no rule translated, as text for the tests of
 * connection tracking alone. After a line of settings comes for each conversation a line {@code
 * talk} with its family, and then one for each segment:
 *
 * <pre>
 * ns side flags sequence acknowledgment window bytes options checksum | judged state seconds packets status
 * </pre>
 */
final class TalkRecording {
  private final Map<Integer, List<String>> talks = new TreeMap<>();

  /** Conversations with a helper, or translated. */
  private final Set<Integer> others = new HashSet<>();

  /** Adds a step, if its conversation is to be written. */
  void add(JsonNode packet, JsonNode kernel) {
    boolean plain =
        packet.path("proto").asText().equals("tcp")
            && !packet.has("payload")
            && !packet.path("src").asText().startsWith("10.1.200.")
            && !packet.path("dst").asText().startsWith("10.0.2.")
            && !packet.path("dst").asText().startsWith("10.96.")
            && !packet.path("src").asText().equals("10.2.0.5");
    int talk = packet.path("talk").asInt();
    if (!plain) {
      others.add(talk);
    } else {
      talks
          .computeIfAbsent(talk, number -> begun(packet))
          .add(kernelNs(kernel) + " " + segment(packet) + " | " + outcome(kernel));
    }
  }

  private static long kernelNs(JsonNode kernel) {
    return Math.round(kernel.path("time").asDouble() * VirtualClock.NS_PER_SECOND);
  }

  private static List<String> begun(JsonNode packet) {
    List<String> lines = new ArrayList<>();
    lines.add("talk " + (packet.path("src").asText().indexOf(':') < 0 ? "ipv4" : "ipv6"));
    return lines;
  }

  private static String segment(JsonNode packet) {
    return Joiner.on(' ')
        .join(
            packet.path("inject").asText().equals("eth0") ? "client" : "server",
            orDash(packet.path("flags").asText()),
            packet.path("seq").asLong(),
            packet.path("ack").asLong(),
            packet.path("window").asInt(),
            packet.path("len").asInt(),
            orDash(packet.path("tcpOptions").asText()),
            packet.path("bad_csum").asBoolean() ? "bad" : "good");
  }

  private static String outcome(JsonNode kernel) {
    String judged =
        kernel.path("result").path("emitted").isEmpty()
            ? "dropped"
            : kernel.path("counted").has("invalid") ? "invalid" : "valid";
    JsonNode entry = kernel.path("connections").path(0);
    if (entry.isMissingNode()) {
      return judged + " -";
    }
    List<String> status = new ArrayList<>();
    entry.path("status").forEach(bit -> status.add(bit.asText()));
    status.retainAll(List.of("SEEN_REPLY", "ASSURED"));
    return Joiner.on(' ')
        .join(
            judged,
            entry.path("tcp_state").asText(),
            entry.path("timeout_ceil").asLong(),
            entry.path("orig_packets").asLong() + "/" + entry.path("reply_packets").asLong(),
            orDash(Joiner.on('+').join(status)));
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  /** Writes the conversations but those that are named. */
  void write(JsonNode sysctls, Collection<Integer> without, Writer out) throws IOException {
    talks.keySet().removeAll(without);
    talks.keySet().removeAll(others);
    out.write("settings");
    for (Map.Entry<String, JsonNode> setting : sysctls.properties()) {
      out.write(' ' + setting.getKey() + '=' + setting.getValue().asText());
    }
    out.write('\n');
    for (List<String> talk : talks.values()) {
      out.write(Joiner.on('\n').join(talk) + '\n');
    }
  }
}
