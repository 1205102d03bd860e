package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Generated rule sets and packets on the live kernel and on the models, compared in everything. One
 * seed gives one case. Belongs to one thread.
 */
public final class LiveRun {
  private final Comparison comparison;
  private final LiveCases cases;
  private final List<Long> disagreeing = new ArrayList<>();
  private int ruleSets;
  private int packets;

  /**
   * Creates a run.
   *
   * @param lab the kernel
   * @param backend {@code legacy} or {@code nft}
   * @param out where disagreements are printed
   */
  public LiveRun(KernelLab lab, String backend, PrintStream out) {
    this(lab, backend, out, Fault.NONE);
  }

  LiveRun(KernelLab lab, String backend, PrintStream out, Fault fault) {
    this.comparison = new Comparison(lab, backend, fault, out);
    this.cases = new LiveCases(backend);
  }

  /**
   * Runs the case of a seed. A disagreement is made smaller and printed.
   *
   * @return whether kernel and models agree
   * @throws IOException if the laboratory failed
   */
  public boolean agrees(long seed, int packetsPerRuleSet) throws IOException {
    return agrees(seed, cases.draw(seed, packetsPerRuleSet), packetsPerRuleSet);
  }

  /**
   * Runs a case of a seed in which seconds pass, in the kernel's own time.
   *
   * @return whether kernel and models agree
   * @throws IOException if the laboratory failed
   */
  public boolean agreesOverTime(long seed, int packetsPerRuleSet) throws IOException {
    return agrees(seed, cases.overTime(seed, packetsPerRuleSet), packetsPerRuleSet);
  }

  private boolean agrees(long seed, ObjectNode vector, int packetsPerRuleSet) throws IOException {
    ruleSets++;
    packets += packetsPerRuleSet;
    ImmutableList<String> differences = comparison.differences(vector);
    if (differences.isEmpty()) {
      return true;
    }
    disagreeing.add(seed);
    if (comparison.fault() == Fault.NONE) {
      comparison.report("seed " + seed, vector);
    }
    return false;
  }

  /** Returns the seeds of the cases that disagreed. */
  public ImmutableList<Long> disagreeing() {
    return ImmutableList.copyOf(disagreeing);
  }

  /** Returns how often each extension and state was reached, as a table. */
  public String coverage() {
    return comparison.coverage().table();
  }

  /** Returns the matches and targets of the models that no rule had that was evaluated. */
  public ImmutableSortedSet<String> missing() {
    return comparison.coverage().missing();
  }

  /** Returns {@code rule sets R, packets P, disagreements D}. */
  public String summary() {
    return "rule sets %d, packets %d, disagreements %d"
        .formatted(ruleSets, packets, disagreeing.size());
  }

  /**
   * Returns how many answers of the kernel depended on its own random choices and were left out.
   */
  public int unstable() {
    return comparison.unstable();
  }

  /** Returns how many disagreements did not come back when the same was asked again. */
  public int unrepeated() {
    return comparison.unrepeated();
  }
}
