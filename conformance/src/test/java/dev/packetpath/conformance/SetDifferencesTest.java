package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much of the time that passes while sets are loaded and read is allowed for. */
final class SetDifferencesTest {
  private static ObjectNode with(String field, String... lines) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, field, lines);
    return json;
  }

  private static void put(ObjectNode json, String field, String... lines) {
    ArrayNode array = json.putArray(field);
    List.of(lines).forEach(array::add);
  }

  private static ObjectNode timed(String... lines) {
    ObjectNode kernel = with("ipsetAfter", lines);
    kernel.putObject("clock").putArray("setsLoadedAt").add(-0.4).add(-0.38);
    return kernel;
  }

  @ParameterizedTest
  @CsvSource({"93, false", "94, true", "95, true", "97, true", "98, true", "99, false"})
  void whatIsLeftIsWhatWasLeftWhileTheSetsWereRead(int left, boolean agrees) {
    ObjectNode model = with("ipsetAfter", "add s 10.0.0.1 timeout 97");
    put(model, "ipsetLater", "add s 10.0.0.1 timeout 94");
    assertThat(SetDifferences.between(timed("add s 10.0.0.1 timeout " + left), model).isEmpty())
        .isEqualTo(agrees);
  }

  @Test
  void anElementMayEndWhileTheSetsAreReadAndNotBefore() {
    ObjectNode model = with("ipsetAfter", "add s 10.0.0.1 timeout 1");
    put(model, "ipsetLater");
    assertThat(SetDifferences.between(timed(), model)).isEmpty();
    put(model, "ipsetLater", "add s 10.0.0.1 timeout 1");
    assertThat(SetDifferences.between(timed(), model))
        .containsExactly("sets: only the model has add s 10.0.0.1 timeout");
  }

  @ParameterizedTest
  @CsvSource({"94, false", "95, true", "99, true", "100, false"})
  void withoutTheTimesThereIsSomeSlack(int left, boolean agrees) {
    ObjectNode model = with("ipsetAfter", "add s 10.0.0.1 timeout 97");
    put(model, "ipsetLater", "add s 10.0.0.1 timeout 97");
    ObjectNode kernel = with("ipsetAfter", "add s 10.0.0.1 timeout " + left);
    assertThat(SetDifferences.between(kernel, model).isEmpty()).isEqualTo(agrees);
  }
}
