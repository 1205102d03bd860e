package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.syntax.ReadMode;
import dev.packetpath.iptables.syntax.SavePrinter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Files of iptables-save as the real tools and the kernel take them, and as we do: whether they are
 * accepted, what is printed of them, and what becomes of packets that are aimed at their rules as
 * {@link ForeseeableRules} has them. Belongs to one thread.
 */
public final class DumpRun {
  private static final int PACKETS_A_LOAD = 500;
  private static final int MOST_ATTEMPTS = 20;

  private final KernelLab lab;
  private final Comparison comparison;
  private final PrintStream out;
  private int files;
  private int accepted;
  private int refused;
  private int judgedDifferently;
  private int printedDifferently;
  private int unreadable;
  private int tooFewPackets;
  private int packets;
  private int disagreements;

  /**
   * Creates a run.
   *
   * @param lab the kernel
   * @param out takes a line for each file
   */
  public DumpRun(KernelLab lab, PrintStream out) {
    this.lab = lab;
    this.comparison = new Comparison(lab, "legacy", Fault.NONE, out);
    this.out = out;
  }

  /**
   * Runs all files of a folder, in the order of their names.
   *
   * @param packetsPerFile how many packets the rules of each are asked about
   * @throws IOException if a file cannot be read or the laboratory failed
   */
  public void folder(Path folder, int packetsPerFile, long seed) throws IOException {
    List<Path> found;
    try (Stream<Path> all = Files.list(folder)) {
      found = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : found) {
      file(Dump.read(file), packetsPerFile, seed);
    }
  }

  /** Runs one file. */
  void file(Dump dump, int packetsPerFile, long seed) throws IOException {
    files++;
    Optional<String> toolRefuses = lab.load(rules(dump.family(), dump.text()), "legacy");
    String savedAsGiven = toolRefuses.isPresent() ? "" : lab.saved(dump.family());
    Optional<Ruleset> ruleset = Optional.empty();
    String refusal = "";
    try {
      ruleset = Optional.of(dump.parse(ReadMode.STRICT));
    } catch (SyntaxException e) {
      refusal = String.valueOf(e.getMessage());
    }
    String lenient = readLeniently(dump);
    if (toolRefuses.isPresent() != ruleset.isEmpty()) {
      judgedDifferently++;
      tell(dump, "JUDGED DIFFERENTLY; the tool: " + toolRefuses.orElse("accepts"), refusal);
    } else if (ruleset.isEmpty()) {
      refused++;
      tell(dump, "refused by both: " + refusal, lenient);
    } else {
      accepted++;
      String printing = printing(ruleset.get(), savedAsGiven);
      tell(dump, "accepted by both", printing, lenient);
      packets(dump, ruleset.get(), packetsPerFile, seed);
    }
  }

  private String readLeniently(Dump dump) {
    try {
      return "read leniently with " + dump.notes() + " notes";
    } catch (SyntaxException e) {
      unreadable++;
      return "NOT READ LENIENTLY: " + e.getMessage();
    }
  }

  /** The tool takes what we print, and prints of it and of the file what we print. */
  private String printing(Ruleset ruleset, String savedAsGiven) throws IOException {
    String ours = SavePrinter.toText(ruleset, true);
    Optional<String> refusal = lab.load(rules(ruleset.family(), ours), "legacy");
    if (refusal.isPresent()) {
      printedDifferently++;
      return "OUR TEXT REFUSED: " + refusal.get();
    }
    SavedText expected = SavedText.of(ours);
    for (String saved : List.of(savedAsGiven, lab.saved(ruleset.family()))) {
      Optional<String> difference = expected.differenceIn(SavedText.of(saved));
      if (difference.isPresent()) {
        printedDifferently++;
        return "PRINTED DIFFERENTLY: " + difference.get();
      }
    }
    return "printed the same";
  }

  /** Every second load has the devices that the file names most renamed to the laboratory's. */
  private void packets(Dump dump, Ruleset ruleset, int packetsPerFile, long seed)
      throws IOException {
    Ruleset asWritten = ForeseeableRules.of(ruleset);
    Ruleset renamed = LabDevices.rename(asWritten);
    int done = 0;
    long attempt = seed;
    for (int load = 0; done < packetsPerFile && attempt < seed + MOST_ATTEMPTS; attempt++) {
      int wanted = Math.min(PACKETS_A_LOAD, packetsPerFile - done);
      ObjectNode vector = vector(load % 2 == 0 ? asWritten : renamed, new Random(attempt), wanted);
      int unstable = comparison.unstable();
      ImmutableList<String> differences = comparison.differences(vector);
      if (comparison.unstable() > unstable) {
        continue;
      }
      load++;
      done += wanted;
      packets += vector.path("packets").size();
      if (!differences.isEmpty()) {
        disagreements++;
        comparison.report(dump.name(), vector);
      }
    }
    if (done < packetsPerFile) {
      tooFewPackets++;
      out.println("  " + done + " packets only, for chance decided what became of the others");
    }
  }

  private static ObjectNode vector(Ruleset ruleset, Random random, int packets) {
    ObjectNode vector = rules(ruleset.family(), SavePrinter.toText(ruleset, false));
    vector.put("timed", true);
    PacketScript.addTo(vector, random, packets, new AimedEndpoints(ruleset, random)::draw);
    return vector;
  }

  private static ObjectNode rules(IpFamily family, String text) {
    return JsonNodeFactory.instance
        .objectNode()
        .put(family == IpFamily.IPV4 ? "ruleset" : "ruleset6", text);
  }

  private void tell(Dump dump, String... findings) {
    out.println(dump.name() + ": " + dump.family() + ", " + String.join(", ", findings));
  }

  /** Returns whether everything agreed. */
  public boolean agrees() {
    return judgedDifferently + printedDifferently + unreadable + tooFewPackets + disagreements == 0;
  }

  /** Returns the counts of all files. */
  public String summary() {
    return "files "
        + files
        + ", accepted by both "
        + accepted
        + ", refused by both "
        + refused
        + ", judged differently "
        + judgedDifferently
        + ", printed differently "
        + printedDifferently
        + ", not read leniently "
        + unreadable
        + ", packets "
        + packets
        + ", with too few packets "
        + tooFewPackets
        + ", loads drawn anew "
        + comparison.unstable()
        + ", not repeated "
        + comparison.unrepeated()
        + ", disagreements "
        + disagreements;
  }
}
