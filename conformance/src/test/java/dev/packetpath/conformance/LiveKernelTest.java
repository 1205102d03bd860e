package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
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
  private static final int OVER_TIME = 12;

  /** What is drawn so rarely that the long run alone is sure to reach it. */
  private static final Set<String> RARE = Set.of("match esp", "match mh", "target TCPMSS");

  private static final Executor WAITING = task -> new Thread(task).start();

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
    LiveRun run = compare("legacy", 1, FIXED_RULE_SETS);
    System.out.println(run.coverage());
    assertThat(run.missing()).as("modelled and not reached").isSubsetOf(RARE);
  }

  @Test
  void theModelsAgreeWithTheNftBackend() throws IOException {
    compare("nft", 1, FRESH_RULE_SETS);
  }

  @Test
  void theModelsAgreeOnAFreshSeed() throws IOException {
    long seed = ThreadLocalRandom.current().nextInt(1_000, Integer.MAX_VALUE);
    System.out.println(
        "fresh seed: conformance/run --packets %d --seed %d --rule-sets %d"
            .formatted(PACKETS, seed, FRESH_RULE_SETS));
    compare("legacy", seed, FRESH_RULE_SETS);
  }

  /** Each in a laboratory of its own, all at once: most of the time they wait. */
  @Test
  void theModelsAgreeWhereTimePasses() {
    List<String> summaries =
        LongStream.rangeClosed(1, OVER_TIME)
            .mapToObj(seed -> CompletableFuture.supplyAsync(() -> overTime(seed), WAITING))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(summaries).hasSize(OVER_TIME).allMatch(text -> text.endsWith("disagreements 0"));
  }

  private static String overTime(long seed) {
    try (KernelLab own = KernelLab.start(LabAvailability.PROGRAM)) {
      LiveRun run = new LiveRun(own, "legacy", System.out);
      run.agreesOverTime(seed, PACKETS);
      return run.summary();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A failure names the seeds: of a run elsewhere it may be all that is left. */
  private LiveRun compare(String backend, long seed, int ruleSets) throws IOException {
    LiveRun run = new LiveRun(lab, backend, System.out);
    List<Long> disagreeing = new ArrayList<>();
    for (long at = seed; at < seed + ruleSets; at++) {
      if (!run.agrees(at, PACKETS)) {
        disagreeing.add(at);
      }
    }
    System.out.println(run.summary());
    assertThat(disagreeing)
        .as("conformance/run --backend %s --packets %d --rule-sets 1 --seed", backend, PACKETS)
        .isEmpty();
    return run;
  }
}
