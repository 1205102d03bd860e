package dev.packetpath.cli.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.ipvs.KernelFlavour;
import dev.packetpath.ipvs.testing.IpvsRecordings;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What kernels did in recorded scenarios and sequences of TCP segments. */
final class RecordedScenariosTest {
  private static final List<String> RESULTS =
      List.of("got", "state", "expires", "dests", "templates", "wire");
  private static final List<String> SEQUENCE_RESULTS =
      List.of("state", "expires", "active", "inactive");

  private static ObjectNode recorded = JsonNodeFactory.instance.objectNode();

  @BeforeAll
  static void read() throws IOException {
    try (InputStream json = IpvsRecordings.open()) {
      recorded = (ObjectNode) new ObjectMapper().readTree(json);
    }
  }

  /** A scenario that names itself. */
  private record Scenario(JsonNode json, KernelFlavour kernel) {
    @Override
    public String toString() {
      return json.path("id").asText();
    }
  }

  static Stream<Scenario> scenarios() throws IOException {
    List<Scenario> all = new ArrayList<>();
    add(all, IpvsRecordings.open(), KernelFlavour.TOTAL_CONNECTIONS);
    add(all, IpvsRecordings.openMixed(), KernelFlavour.TOTAL_CONNECTIONS);
    add(all, IpvsRecordings.openCounted(), KernelFlavour.TOTAL_CONNECTIONS);
    add(all, IpvsRecordings.openSctp(), KernelFlavour.TOTAL_CONNECTIONS);
    add(all, IpvsRecordings.openClassic(), KernelFlavour.CLASSIC);
    return all.stream();
  }

  private static void add(List<Scenario> all, InputStream recording, KernelFlavour kernel)
      throws IOException {
    try (recording) {
      for (JsonNode scenario : new ObjectMapper().readTree(recording).path("scenarios")) {
        all.add(new Scenario(scenario, kernel));
      }
    }
  }

  @Test
  void thereAreAllScenariosAndSequences() {
    assertThat(recorded.path("scenarios")).hasSize(218);
    assertThat(recorded.path("tcpStates").path("sequences")).hasSize(280);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void eachStepEndsAsInTheKernel(Scenario scenario) {
    ObjectNode kernel = (ObjectNode) scenario.json;
    ObjectNode model = kernel.deepCopy();
    model.remove("final");
    for (JsonNode step : model.path("steps")) {
      ((ObjectNode) step).remove(RESULTS);
    }
    Place place = Place.of("recorded").in("scenario", scenario.toString());
    new ScenarioRun(place, model, scenario.kernel).fillIn();
    for (int i = 0; i < kernel.path("steps").size(); i++) {
      JsonNode expected = kernel.path("steps").get(i);
      JsonNode actual = model.path("steps").get(i);
      assertThat(shown(actual)).as("step %s: %s", i + 1, expected).isEqualTo(shown(expected));
      assertSeconds(actual.path("expires"), expected.path("expires"));
      assertRowSeconds(actual.path("templates"), expected.path("templates"));
    }
    if (!kernel.has("final")) {
      return;
    }
    assertThat(model.at("/final/stats")).isEqualTo(kernel.at("/final/stats"));
    assertThat(withoutSeconds(model.at("/final/conns")))
        .isEqualTo(withoutSeconds(kernel.at("/final/conns")));
    assertRowSeconds(model.at("/final/conns"), kernel.at("/final/conns"));
  }

  /**
   * Those in which no timer fires at the very end of a sleep, when the time that the recorder's own
   * waits took decides.
   */
  static Stream<Scenario> clearlyTimedScenarios() throws IOException {
    List<Scenario> all = new ArrayList<>();
    add(all, IpvsRecordings.open(), KernelFlavour.TOTAL_CONNECTIONS);
    add(all, IpvsRecordings.openMixed(), KernelFlavour.TOTAL_CONNECTIONS);
    add(all, IpvsRecordings.openCounted(), KernelFlavour.TOTAL_CONNECTIONS);
    return all.stream();
  }

  /** The model's own timers, without being told what a sleep ended. */
  @ParameterizedTest
  @MethodSource("clearlyTimedScenarios")
  void whatIsOverAfterASleepIsOverInTheKernel(Scenario scenario) {
    ObjectNode model = ((ObjectNode) scenario.json).deepCopy();
    for (JsonNode step : model.path("steps")) {
      ((ObjectNode) step).remove("expired");
    }
    new ScenarioRun(Place.of("recorded"), model, scenario.kernel).fillIn();
    for (int i = 0; i < model.path("steps").size(); i++) {
      JsonNode expected = scenario.json.path("steps").get(i);
      JsonNode actual = model.path("steps").get(i);
      assertThat(actual.path("expired")).as("step %s", i + 1).isEqualTo(expected.path("expired"));
      assertThat(shown(actual)).as("step %s: %s", i + 1, expected).isEqualTo(shown(expected));
    }
  }

  /** Everything but the seconds that are left, of which a recording may miss one. */
  private static ObjectNode shown(JsonNode step) {
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    shown.put("got", step.path("got").asText(null));
    shown.put("state", step.path("state").asText(null));
    shown.set("dests", step.path("dests"));
    shown.set("templates", withoutSeconds(step.path("templates")));
    return shown;
  }

  private static ArrayNode withoutSeconds(JsonNode rows) {
    ArrayNode shown = JsonNodeFactory.instance.arrayNode();
    for (JsonNode row : rows) {
      ArrayNode copy = row.deepCopy();
      copy.remove(copy.size() - 1);
      shown.add(copy);
    }
    return shown;
  }

  private static void assertRowSeconds(JsonNode actual, JsonNode expected) {
    for (int i = 0; i < expected.size(); i++) {
      JsonNode row = expected.get(i);
      assertSeconds(actual.path(i).path(row.size() - 1), row.path(row.size() - 1));
    }
  }

  private static void assertSeconds(JsonNode actual, JsonNode expected) {
    assertThat(actual.isNumber()).isEqualTo(expected.isNumber());
    assertThat(Math.abs(actual.asInt() - expected.asInt())).isLessThanOrEqualTo(1);
  }

  @Test
  void eachSegmentLeadsToTheKernelsState() {
    JsonNode kernel = recorded.path("tcpStates");
    ObjectNode model = kernel.deepCopy();
    for (JsonNode sequence : model.path("sequences")) {
      for (JsonNode step : sequence.path("steps")) {
        ((ObjectNode) step).remove(SEQUENCE_RESULTS);
      }
    }
    new SequenceRun(Place.of("recorded"), model).fillIn();
    assertThat(model.toString()).isEqualTo(kernel.toString());
  }
}
