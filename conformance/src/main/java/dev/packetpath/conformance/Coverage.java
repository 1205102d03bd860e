package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.TreeMultiset;
import dev.packetpath.iptables.match.Matches;
import dev.packetpath.iptables.target.Targets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How often the kernel's packets reached each match, target, state and protocol. */
final class Coverage {
  /** What is modelled and yet not asked here, and why. */
  private static final ImmutableMap<String, String> NOT_ASKED =
      ImmutableMap.<String, String>builder()
          .put("match ipvs", "kernels often lack IPVS; vectors of one that has it are replayed")
          .put("match dccp", "the packet model knows its ports alone")
          .put("target SECMARK", "it needs a security module")
          .put("target CONNSECMARK", "it needs a security module")
          .buildOrThrow();

  private static final Pattern MATCH = Pattern.compile("-m (\\S+)");
  private static final Pattern TARGET = Pattern.compile("-j ([A-Z]+)(?= |$)");
  private static final Pattern STATES = Pattern.compile("(?<!! )--(?:ct)?state (\\S+)");

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
      count(("connection " + protocol + " " + state.toLowerCase(Locale.ROOT)).strip(), 1, 1);
      for (JsonNode status : connection.path("status")) {
        count("connection status " + status.asText(), 1, 1);
      }
      if (connection.findValue("zone") != null) {
        count("connection in a zone", 1, 1);
      }
    }
    for (JsonNode packet : vector.path("packets")) {
      String family = packet.path("src").asText().indexOf(':') < 0 ? "IPv4" : "IPv6";
      count("packet " + family + " " + packet.path("proto").asText(), 1, 1);
      if (packet.has("fragmentIndex")) {
        count("packet " + family + " fragment", 1, 1);
      }
      if (packet.has("inner")) {
        count("packet " + family + " ICMP error", 1, 1);
      }
      if (packet.has("sleep")) {
        count("packet after a pause", 1, 1);
      }
    }
  }

  private void rule(JsonNode rule) {
    String text = rule.path("rule").asText();
    int reached = rule.path("evaluated").asInt();
    int met = rule.path("matched").asInt();
    for (Matcher match = MATCH.matcher(text); match.find(); ) {
      count("match " + match.group(1), reached, met);
    }
    for (Matcher states = STATES.matcher(text); states.find(); ) {
      for (String state : Splitter.on(',').split(states.group(1))) {
        count("state " + state, reached, met);
      }
    }
    for (Matcher target = TARGET.matcher(text); target.find(); ) {
      count("target " + target.group(1), reached, met);
    }
  }

  private void count(String what, int reached, int met) {
    evaluated.add(what, reached);
    matched.add(what, met);
  }

  /** Returns the matches and targets of the models that no rule had that was evaluated. */
  ImmutableSortedSet<String> missing() {
    Stream<String> modelled =
        Stream.concat(
            Matches.ALL.stream().map(match -> "match " + match.name()),
            Targets.ALL.stream().map(target -> "target " + target.name()));
    return modelled
        .filter(what -> evaluated.count(what) == 0 && !NOT_ASKED.containsKey(what))
        .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
  }

  String table() {
    StringBuilder table = new StringBuilder();
    table.append(String.format(Locale.ROOT, "%-32s %10s %10s%n", "what", "evaluated", "matched"));
    for (String what : evaluated.elementSet()) {
      table.append(
          String.format(
              Locale.ROOT, "%-32s %10d %10d%n", what, evaluated.count(what), matched.count(what)));
    }
    NOT_ASKED.forEach(
        (what, reason) ->
            table.append(String.format(Locale.ROOT, "%-32s not asked: %s%n", what, reason)));
    missing()
        .forEach(what -> table.append(String.format(Locale.ROOT, "%-32s not reached%n", what)));
    return table.toString();
  }
}
