package dev.packetpath.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import dev.packetpath.cli.ProfileOption;
import dev.packetpath.cli.progress.ProgressBar;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.node.cost.Profile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The long comparison of the models with the live kernel. */
@Command(
    name = "conformance/run",
    mixinStandardHelpOptions = true,
    description =
        "Compare the models with the kernel of this machine, on generated rules and packets.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:kernel and models agree, or all faults were found",
      "1:they disagree, or a fault was not found",
      "2:wrong usage, or the laboratory could not be set up or ended"
    })
public final class Main implements Callable<Integer> {
  private static final int NO_ANSWER = 2;
  private static final int SELF_TEST_CASES = 40;
  private static final int PACKETS_A_RULE_SET = 40;
  private static final int PACKETS_A_DUMP = 1000;
  private static final int PROBES = 2000;
  private static final double[] NOT_ASSURED = {0.005, 0.02, 0.05, 0.15};
  private static final int TALKS = 300;
  private static final int TALK_SECONDS = 12;

  @Option(names = "--seed", defaultValue = "1", description = "the first case (default: 1)")
  private long seed;

  @Option(names = "--rule-sets", defaultValue = "300", description = "how many (default: 300)")
  private int ruleSets;

  @Option(
      names = "--packets",
      description = "for each rule set (default: 40) or dump (default: 1000)")
  private Optional<Integer> packets = Optional.empty();

  @Option(
      names = "--dumps",
      paramLabel = "DIR",
      description = "take the rules from the files of iptables-save in a folder")
  private Optional<Path> dumps = Optional.empty();

  @Option(names = "--backend", defaultValue = "legacy", description = "legacy or nft")
  private String backend = "legacy";

  @Option(
      names = "--conversations",
      paramLabel = "N",
      description = "compare N times 300 conversations that take 12 seconds, packet by packet")
  private int conversations;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "with --conversations: write what the kernel does with TCP, and compare nothing")
  private Optional<Path> record = Optional.empty();

  @Option(
      names = "--crowds",
      description =
          "compare full tables, exhausted ports and races of packets (takes about a minute)")
  private boolean crowds;

  @Option(
      names = "--costs",
      description = "compare cost profiles with what connections take (takes about two minutes)")
  private boolean costs;

  @Option(
      names = "--profile",
      paramLabel = "NAME|FILE",
      description = {
        "the profiles that --costs compares, the first of which must be right",
        "(default: one that is measured first, and linux-6.18)"
      })
  private List<String> profiles = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "20",
      description = "how many interleaved rounds of --costs, at least 5 (default: 20)")
  private int rounds;

  @Option(names = "--self-test", description = "make the models wrong, one way at a time")
  private boolean selfTest;

  @Option(names = "--laboratory", defaultValue = "conformance/kernel/netlab.py", hidden = true)
  private Path laboratory = Path.of("");

  /** Runs the comparison and leaves the JVM with its exit status. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() {
    return costs ? compareCosts() : compareWithLab();
  }

  private int compareCosts() {
    PrintWriter messages = new PrintWriter(System.err, true, UTF_8);
    try (ProgressBar progress = ProgressBar.on(messages)) {
      CostRun run = new CostRun(System.out, progress::at);
      ImmutableList.Builder<Profile> compared = ImmutableList.builder();
      if (profiles.isEmpty()) {
        compared.add(run.calibrated(), ProfileOption.read("linux-6.18"));
      }
      for (String profile : profiles) {
        compared.add(ProfileOption.read(profile));
      }
      return run.agrees(compared.build(), rounds) ? 0 : 1;
    } catch (IOException | IllegalArgumentException | SyntaxException e) {
      System.err.println("conformance/run: " + e.getMessage());
      return NO_ANSWER;
    }
  }

  private int compareWithLab() {
    try (KernelLab lab = KernelLab.start(laboratory)) {
      if (dumps.isPresent()) {
        return compareDumps(lab, dumps.get());
      }
      if (conversations > 0 && record.isPresent()) {
        return record(lab, record.get());
      }
      if (conversations > 0) {
        return selfTest ? findTalkFaults(lab) : compareConversations(lab);
      }
      if (crowds) {
        return compareCrowds(lab);
      }
      return selfTest ? findFaults(lab) : compare(lab);
    } catch (IOException e) {
      System.err.println("conformance/run: " + e.getMessage());
      return NO_ANSWER;
    }
  }

  private int compareDumps(KernelLab lab, Path folder) throws IOException {
    DumpRun run = new DumpRun(lab, System.out);
    run.folder(folder, packets.orElse(PACKETS_A_DUMP), seed);
    System.out.println(run.summary());
    return run.agrees() ? 0 : 1;
  }

  private int compare(KernelLab lab) throws IOException {
    LiveRun run = new LiveRun(lab, backend, System.out);
    for (long at = seed; at < seed + ruleSets; at++) {
      run.agrees(at, packets.orElse(PACKETS_A_RULE_SET));
    }
    System.out.println(run.coverage());
    System.out.println(
        run.unstable() + " answers depended on the kernel's own random choices and were left out");
    System.out.println(run.unrepeated() + " disagreements did not come back when asked again");
    System.out.println(run.summary());
    return run.disagreeing().isEmpty() ? 0 : 1;
  }

  private int compareConversations(KernelLab lab) throws IOException {
    TalkRun run = new TalkRun(lab, System.out, TalkFault.NONE);
    for (long at = seed; at < seed + conversations; at++) {
      run.agrees(at, TALKS, TALK_SECONDS);
    }
    System.out.println(run.coverage());
    System.out.println(run.summary());
    return run.disagreements() == 0 ? 0 : 1;
  }

  private int record(KernelLab lab, Path file) throws IOException {
    TalkRun run = new TalkRun(lab, System.out, TalkFault.NONE);
    try (Writer out = Files.newBufferedWriter(file)) {
      for (long at = seed; at < seed + conversations; at++) {
        run.record(at, TALKS, TALK_SECONDS, out);
      }
    }
    System.out.println(run.summary());
    return 0;
  }

  private static int compareCrowds(KernelLab lab) throws IOException {
    CrowdRun run = new CrowdRun(lab, System.out);
    List<String> found = new ArrayList<>();
    found.addAll(run.allTaken());
    found.addAll(run.searching());
    found.addAll(new RaceRun(lab, System.out).differences());
    for (double share : NOT_ASSURED) {
      found.addAll(run.overflow(share, PROBES));
    }
    found.forEach(System.out::println);
    System.out.println((2 + NOT_ASSURED.length) + " crowds, disagreements " + found.size());
    return found.isEmpty() ? 0 : 1;
  }

  private int findTalkFaults(KernelLab lab) throws IOException {
    int missed = 0;
    for (TalkFault fault : EnumSet.complementOf(EnumSet.of(TalkFault.NONE))) {
      TalkRun run = new TalkRun(lab, System.out, fault);
      boolean found = !run.agrees(seed, TALKS, TALK_SECONDS);
      missed += found ? 0 : 1;
      System.out.println(fault + (found ? ": found, " + run.summary() : ": NOT FOUND"));
    }
    return missed == 0 ? 0 : 1;
  }

  private int findFaults(KernelLab lab) throws IOException {
    int missed = 0;
    for (Fault fault : EnumSet.complementOf(EnumSet.of(Fault.NONE))) {
      LiveRun run = new LiveRun(lab, backend, System.out, fault);
      long at = seed;
      boolean found = false;
      while (!found && at < seed + SELF_TEST_CASES) {
        found = !run.agrees(at++, packets.orElse(PACKETS_A_RULE_SET));
      }
      missed += found ? 0 : 1;
      System.out.println(fault + (found ? ": found in case " + (at - seed) : ": NOT FOUND"));
    }
    System.out.println((Fault.values().length - 1) + " faults, " + missed + " not found");
    return missed == 0 ? 0 : 1;
  }
}
