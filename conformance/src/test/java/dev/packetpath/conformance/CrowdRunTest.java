package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.conformance.Crowd.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which ends of a full table the comparison takes for ordinary. */
final class CrowdRunTest {
  private static final int FULL = 1000;
  private static final int PROBES = 10;

  @Test
  void twoEntriesOfOneBucketMayMakeRoomForTheLastPacket() {
    Outcome outcome = new Outcome(0, 4, 0, 7, FULL - 1);
    assertThat(CrowdRun.unexplained("kernel", outcome, FULL, PROBES)).isEmpty();
  }

  @Test
  void entriesThatTheCollectorTookAreToldOf() {
    Outcome outcome = new Outcome(0, 4, 0, 7, FULL - 50);
    assertThat(CrowdRun.unexplained("kernel", outcome, FULL, PROBES))
        .singleElement()
        .asString()
        .startsWith("the kernel's table has 950 entries, by its counts 999");
  }

  @ParameterizedTest
  @CsvSource({"1000, 999, false", "1000, 950, true", "998, 997, true"})
  void aTableIsAskedOfAnewThatLostEntriesUncounted(int full, int entries, boolean collected) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("limit", FULL).put("full", full).put("entries", entries);
    answer.putObject("counted").put("drop", 4).put("early_drop", 7);
    assertThat(CrowdRun.isCollected(answer, PROBES)).isEqualTo(collected);
  }
}
