package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.conformance.Crowd.Outcome;
import org.junit.jupiter.api.Test;

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
}
