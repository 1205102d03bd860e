package dev.packetpath.node.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * IPVS beside netfilter on nodes of Linux 6.1.192, recorded with what their commands told of them
 * ({@code conformance/ipvs/generate-nodes}): every packet that left or was delivered, byte by byte,
 * both tables of connections after each step, and at the end all counters and the seconds that
 * connections of IPVS have left.
 */
final class RecordedNodesTest {
  private record Case(JsonNode json) {
    @Override
    public String toString() {
      return json.path("id").asText();
    }
  }

  static Stream<Case> cases() throws IOException {
    try (InputStream file =
        new GZIPInputStream(
            Objects.requireNonNull(
                RecordedNodesTest.class.getResourceAsStream("ipvs-nodes.json.gz")))) {
      JsonNode cases = new ObjectMapper().readTree(file).path("nodes");
      return StreamSupport.stream(cases.spliterator(), false).map(Case::new);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theModelDoesWhatTheKernelDid(Case recorded) throws IOException {
    assertThat(RecordedNode.differences(recorded.json)).isEmpty();
  }
}
