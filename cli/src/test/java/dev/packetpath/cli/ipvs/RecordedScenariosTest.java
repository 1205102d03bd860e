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
    add(all, IpvsRecordings.openVaried(), KernelFlavour.TOTAL_CONNECTIONS);
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
    assertThat(recorded.path("scenarios")).allMatch(RecordedScenariosTest::tellsWire);
    assertThat(recorded.path("scenarios").findParents("wire")).hasSize(1_497);
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
    assertSame(model, kernel);
  }

  private static void assertSame(ObjectNode model, ObjectNode kernel) {
    assertThat(model.path("steps")).hasSameSizeAs(kernel.path("steps"));
    for (int i = 0; i < kernel.path("steps").size(); i++) {
      ObjectNode expected = (ObjectNode) kernel.path("steps").get(i);
      ObjectNode actual = (ObjectNode) model.path("steps").get(i);
      if (!tellsWire(kernel)) {
        actual.remove("wire");
      }
      assertThat(withoutSeconds(actual))
          .as("step %s: %s", i + 1, expected)
          .isEqualTo(withoutSeconds(expected));
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
    add(all, IpvsRecordings.openVaried(), KernelFlavour.TOTAL_CONNECTIONS);
    return all.stream();
  }

  /** The model's own timers, without being told what a sleep ended. */
  @ParameterizedTest
  @MethodSource("clearlyTimedScenarios")
  void whatIsOverAfterASleepIsOverInTheKernel(Scenario scenario) {
    ObjectNode kernel = (ObjectNode) scenario.json;
    ObjectNode model = kernel.deepCopy();
    for (JsonNode step : model.path("steps")) {
      ((ObjectNode) step).remove(RESULTS).remove("expired");
    }
    new ScenarioRun(Place.of("recorded"), model, scenario.kernel).fillIn();
    assertSame(model, kernel);
  }

  /** The recordings of the first kind, which name a group, tell what left the director. */
  private static boolean tellsWire(JsonNode scenario) {
    return scenario.has("group");
  }

  /**
   * A step's fields in their order, but for the seconds left, of which a recording may miss one.
   */
  private static String withoutSeconds(ObjectNode step) {
    ObjectNode shown = step.deepCopy();
    shown.remove("expires");
    if (shown.has("templates")) {
      shown.set("templates", withoutSeconds(shown.path("templates")));
    }
    return shown.toString();
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
