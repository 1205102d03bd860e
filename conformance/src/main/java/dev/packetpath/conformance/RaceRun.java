package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.packetpath.conformance.Races.Race;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * First packets of one flow that overtake each other, on the live kernel and on the models: what
 * came out, what was counted, and which entries there are.
 */
final class RaceRun {
  private final KernelLab lab;
  private final PrintStream out;

  RaceRun(KernelLab lab, PrintStream out) {
    this.lab = lab;
    this.out = out;
  }

  /**
   * Returns what differs.
   *
   * @throws IOException if the laboratory failed
   */
  ImmutableList<String> differences() throws IOException {
    List<ObjectNode> questions = new ArrayList<>();
    Races.ALL.forEach(race -> questions.add(race.toJson()));
    JsonNode kernel = lab.race(Races.question(), questions);
    RaceModel model = new RaceModel();
    ImmutableList.Builder<String> found = ImmutableList.builder();
    for (int i = 0; i < Races.ALL.size(); i++) {
      Race race = Races.ALL.get(i);
      JsonNode answer = kernel.path(i);
      for (String difference :
          Differences.between(compared(answer), compared(model.run(race.toJson())))) {
        found.add(race.name() + ": " + difference);
      }
      out.println(race.name() + ": " + answer.path("counted"));
    }
    return found.build();
  }

  /** A race as a vector of one packet; nothing is said of timeouts, for no time passes. */
  private static ObjectNode compared(JsonNode race) {
    ObjectNode vector = JsonNodeFactory.instance.objectNode();
    ObjectNode result = vector.putArray("packets").addObject().putObject("result");
    result.set("emitted", race.path("emitted"));
    result.set("counted", race.path("counted"));
    result.set("entries", race.path("entries"));
    ArrayNode connections = vector.putArray("conntrack");
    race.path("connections")
        .forEach(entry -> connections.add(((ObjectNode) entry).without("timeout_ceil")));
    return vector;
  }
}
