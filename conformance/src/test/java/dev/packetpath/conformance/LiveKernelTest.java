package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.Sets;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The models against the kernel of this machine, where there is root and netfilter; elsewhere
 * skipped, because one of them is missing. Every run has a laboratory of its own.
 */
@Order(1)
final class LiveKernelTest {
  private static final int PACKETS = 30;
  private static final int FIXED_RULE_SETS = 300;

  /** Two for each CPU of a small machine: a third of the time the kernel lets them wait. */
  private static final int LABORATORIES = 4;

  private static final int FRESH_RULE_SETS = 20;
  private static final int OVER_TIME = 12;

  /** What is drawn so rarely that the long run alone is sure to reach it. */
  private static final Set<String> RARE = Set.of("match esp", "match mh", "target TCPMSS");

  @BeforeAll
  static void needsTheKernel() {
    LabAvailability availability = LabAvailability.check();
    assumeTrue(availability.isAvailable(), availability.reason());
  }

  @Test
  void theModelsAgreeWithTheLegacyBackendOnFixedSeeds() throws Exception {
    int share = FIXED_RULE_SETS / LABORATORIES;
    List<Callable<LiveRun>> shares =
        LongStream.range(0, LABORATORIES)
            .<Callable<LiveRun>>mapToObj(at -> () -> run("legacy", 1 + at * share, share))
            .toList();
    List<LiveRun> runs = atOnce(shares);
    runs.forEach(run -> assertAgrees(run, "legacy"));
    assertThat(
            runs.stream()
                .<Set<String>>map(LiveRun::missing)
                .reduce(Sets::intersection)
                .orElseThrow())
        .as("modelled and not reached")
        .isSubsetOf(RARE);
  }

  @Test
  void theModelsAgreeWithTheNftBackend() throws IOException {
    assertAgrees(run("nft", 1, FRESH_RULE_SETS), "nft");
  }

  @Test
  void theModelsAgreeOnAFreshSeed() throws IOException {
    long seed = seedOfTheSources();
    System.out.println(
        "fresh seed: conformance/run --packets %d --seed %d --rule-sets %d"
            .formatted(PACKETS, seed, FRESH_RULE_SETS));
    assertAgrees(run("legacy", seed, FRESH_RULE_SETS), "legacy");
  }

  /**
   * Another one with each change of the sources, and the same for all who test one state of them:
   * what is found then is found by whoever made the change, and not by chance later.
   */
  private static long seedOfTheSources() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(Path.of(".."))) {
      for (Path module : modules) {
        Path sources = module.resolve(Path.of("src", "main"));
        if (Files.isDirectory(sources)) {
          try (Stream<Path> found = Files.walk(sources)) {
            found.filter(Files::isRegularFile).forEach(files::add);
          }
        }
      }
    }
    Hasher hash = Hashing.sha256().newHasher();
    for (Path file : files.stream().sorted().toList()) {
      hash.putUnencodedChars(file.toString()).putBytes(Files.readAllBytes(file));
    }
    return 1_000 + Math.floorMod(hash.hash().asLong(), Integer.MAX_VALUE - 1_000);
  }

  /** All at once: most of the time they wait. */
  @Test
  void theModelsAgreeWhereTimePasses() throws Exception {
    List<Callable<LiveRun>> seeds =
        LongStream.rangeClosed(1, OVER_TIME)
            .<Callable<LiveRun>>mapToObj(seed -> () -> overTime(seed))
            .toList();
    assertThat(atOnce(seeds)).hasSize(OVER_TIME).allMatch(run -> run.disagreeing().isEmpty());
  }

  private static LiveRun run(String backend, long seed, int ruleSets) throws IOException {
    try (KernelLab lab = KernelLab.start(LabAvailability.PROGRAM)) {
      LiveRun run = new LiveRun(lab, backend, System.out);
      for (long at = seed; at < seed + ruleSets; at++) {
        run.agrees(at, PACKETS);
      }
      System.out.println(run.summary());
      return run;
    }
  }

  private static LiveRun overTime(long seed) throws IOException {
    try (KernelLab lab = KernelLab.start(LabAvailability.PROGRAM)) {
      LiveRun run = new LiveRun(lab, "legacy", System.out);
      run.agreesOverTime(seed, PACKETS);
      return run;
    }
  }

  private static List<LiveRun> atOnce(List<Callable<LiveRun>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<LiveRun> done = new ArrayList<>();
      for (Future<LiveRun> task : threads.invokeAll(tasks)) {
        done.add(task.get());
      }
      return done;
    } finally {
      threads.shutdown();
    }
  }

  /** A failure names the seeds: of a run elsewhere it may be all that is left. */
  private static void assertAgrees(LiveRun run, String backend) {
    assertThat(run.disagreeing())
        .as("conformance/run --backend %s --packets %d --rule-sets 1 --seed", backend, PACKETS)
        .isEmpty();
  }
}
