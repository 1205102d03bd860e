package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.TreeMultiset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often the kernel's packets reached each match, target, state and protocol. */
final class Coverage {
  private static final Pattern MATCH = Pattern.compile("-m (\\S+)");
  private static final Pattern TARGET = Pattern.compile("-j ([A-Z]+)(?= |$)");

  private final TreeMultiset<String> evaluated = TreeMultiset.create();
  private final TreeMultiset<String> matched = TreeMultiset.create();

  void add(JsonNode vector, JsonNode kernel) {
    for (String counters : List.of("counters", "counters6")) {
      for (JsonNode chain : kernel.path(counters).findValues("rules")) {
        chain.forEach(this::rule);
      }
    }
    for (JsonNode connection : kernel.path("conntrack")) {
      String state = connection.path("tcp_state").asText(connection.path("sctp_state").asText());
      String protocol = connection.path("orig").path("proto").asText();
      count("connection " + protocol + " " + state.toLowerCase(Locale.ROOT), 1, 1);
    }
    for (JsonNode packet : vector.path("packets")) {
      count("packet " + packet.path("proto").asText(), 1, 1);
    }
  }

  private void rule(JsonNode rule) {
    String text = rule.path("rule").asText();
    int reached = rule.path("evaluated").asInt();
    int met = rule.path("matched").asInt();
    for (Matcher match = MATCH.matcher(text); match.find(); ) {
      count("match " + match.group(1), reached, met);
    }
    for (Matcher target = TARGET.matcher(text); target.find(); ) {
      count("target " + target.group(1), reached, met);
    }
  }

  private void count(String what, int reached, int met) {
    evaluated.add(what, reached);
    matched.add(what, met);
  }

  String table() {
    StringBuilder table = new StringBuilder();
    table.append(String.format(Locale.ROOT, "%-32s %10s %10s%n", "what", "evaluated", "matched"));
    for (String what : evaluated.elementSet()) {
      table.append(
          String.format(
              Locale.ROOT, "%-32s %10d %10d%n", what, evaluated.count(what), matched.count(what)));
    }
    return table.toString();
  }
}
