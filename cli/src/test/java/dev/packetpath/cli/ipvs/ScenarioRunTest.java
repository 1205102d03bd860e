package dev.packetpath.cli.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.ipvs.KernelFlavour;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps that scenarios may have and the checked-in recordings do not. */
final class ScenarioRunTest {
  private static JsonNode run(String scenario) throws IOException {
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(scenario);
    new ScenarioRun(Place.of("test"), json, KernelFlavour.TOTAL_CONNECTIONS).fillIn();
    return json.path("steps");
  }

  /** As kernel 6.1.192 showed. */
  @ParameterizedTest
  @CsvSource({"1,INIT1,4", "2,C-WAIT,61", "3,ESTABLISHED,900"})
  void aConnectionOfSctpMayBeginWithAnyChunk(int chunk, String state, int expires)
      throws IOException {
    JsonNode steps =
        run(
            """
            {"service": {"kind": "sctp", "vip": "10.96.0.1", "port": 80, "sched": "rr"},
             "sysctl": {"sloppy_sctp": 1},
             "steps": [{"op": "add", "rs": "10.244.0.1:80", "fwd": "m"},
                       {"op": "new", "cid": 1, "src": "10.0.0.7:4000", "dst": "10.96.0.1:80",
                        "chunk": %d}]}
            """
                .formatted(chunk));
    assertThat(steps.path(1).path("state").asText()).isEqualTo(state);
    assertThat(steps.path(1).path("expires").asInt()).isEqualTo(expires);
  }

  @Test
  void onlyMarksHaveANetwork() {
    assertThatThrownBy(
            () ->
                run(
                    """
                    {"service": {"kind": "tcp", "vip": "10.96.0.1", "port": 80, "sched": "rr",
                      "net": "10.96.0.0/24"},
                     "steps": [{"op": "new", "cid": 1, "src": "10.0.0.7:1", "dst": "10.96.0.1:80"}]}
                    """))
        .hasMessage("test: found \"net\" of TCP 10.96.0.1:80, expected \"kind\": \"fwm\" for it");
  }
}
