package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Linux 6.18 did with rule sets and packets, recorded with iptables 1.8.9: 150 rule sets of
 * all kinds with 2,953 packets, and others that go through the targets one by one.
 */
final class RecordedVectorsTest {
  private static Stream<JsonNode> vectors() {
    return Stream.of("iptables-a", "targets").flatMap(RecordedVectorsTest::vectors);
  }

  private static Stream<JsonNode> vectors(String name) {
    String resource = "/vectors/" + name + ".json.gz";
    try (InputStream file =
            Objects.requireNonNull(RecordedVectorsTest.class.getResourceAsStream(resource));
        InputStream json = new GZIPInputStream(file)) {
      JsonNode vectors = new ObjectMapper().readTree(json).path("vectors");
      return StreamSupport.stream(vectors.spliterator(), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("vectors")
  void theModelAgreesWithTheKernel(JsonNode vector) {
    assertThat(Differences.between(vector, ModelRun.complete(vector)))
        .as("vector %s", vector.path("id").asText())
        .isEmpty();
  }
}
