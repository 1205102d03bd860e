package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The models against the kernel of this machine, where there is root and netfilter; elsewhere
 * skipped, because one of them is missing.
 */
final class LiveKernelTest {
  private static final int PACKETS = 30;
  private static final int FIXED_RULE_SETS = 300;
  private static final int FRESH_RULE_SETS = 20;

  private static final LabAvailability AVAILABILITY = LabAvailability.check();

  private KernelLab lab;

  @BeforeEach
  void startTheLaboratory() throws IOException {
    assumeTrue(AVAILABILITY.isAvailable(), AVAILABILITY.reason());
    lab = KernelLab.start(LabAvailability.PROGRAM);
  }

  @AfterEach
  void closeTheLaboratory() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void theModelsAgreeWithTheLegacyBackendOnFixedSeeds() throws IOException {
    compare("legacy", 1, FIXED_RULE_SETS);
  }

  @Test
  void theModelsAgreeWithTheNftBackend() throws IOException {
    compare("nft", 1, FRESH_RULE_SETS);
  }

  @Test
  void theModelsAgreeOnAFreshSeed() throws IOException {
    long seed = ThreadLocalRandom.current().nextInt(1_000, Integer.MAX_VALUE);
    System.out.println(
        "fresh seed: conformance/run --seed " + seed + " --rule-sets " + FRESH_RULE_SETS);
    compare("legacy", seed, FRESH_RULE_SETS);
  }

  private void compare(String backend, long seed, int ruleSets) throws IOException {
    LiveRun run = new LiveRun(lab, backend, System.out);
    for (long at = seed; at < seed + ruleSets; at++) {
      run.agrees(at, PACKETS);
    }
    System.out.println(run.summary());
    assertThat(run.disagreements()).isZero();
  }
}
