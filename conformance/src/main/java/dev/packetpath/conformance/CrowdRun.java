package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import dev.packetpath.conformance.Crowd.Flood;
import dev.packetpath.conformance.Crowd.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What a full table and exhausted ports do, on the live kernel and on the models. What chance does
 * not decide must be equal; what it decides, within five standard deviations, which are exceeded
 * less than once in a million times.
 */
final class CrowdRun {
  private static final double DEVIATIONS = 5;
  private static final int TRIES = 10;
  private static final int SEED = 1;
  private static final int ALL_PORTS = 65_536 - 1024;

  /** One client takes all ports; others then get none to the same place, but to others. */
  static final ImmutableList<Flood> ALL_TAKEN =
      ImmutableList.of(
          new Flood("10.1.128.1", 1, 1024, ALL_PORTS, 53),
          new Flood("10.1.129.1", 1, 3000, 200, 53),
          new Flood("10.1.129.1", 1, 700, 10, 53),
          new Flood("10.1.129.1", 1, 3000, 10, 54));

  /** Clients that all have the same ports search for free ones, the longer the fewer there are. */
  static final ImmutableList<Flood> SEARCHING =
      ImmutableList.of(
          new Flood("10.1.128.1", 56, 2000, 1000, 53),
          new Flood("10.1.129.1", 5, 2000, 1000, 53),
          new Flood("10.1.130.1", 3, 2000, 1000, 53),
          new Flood("10.1.131.1", 1, 2000, 1000, 53));

  private final KernelLab lab;
  private final PrintStream out;

  CrowdRun(KernelLab lab, PrintStream out) {
    this.lab = lab;
    this.out = out;
  }

  /** Returns what differs where all ports are taken; nothing is left to chance there. */
  ImmutableList<String> allTaken() throws IOException {
    List<Outcome> kernel = floods(ALL_TAKEN);
    List<Outcome> model = modelled(ALL_TAKEN);
    out.println("all ports taken, kernel and model: " + kernel + ", " + model);
    return kernel.equals(model)
        ? ImmutableList.of()
        : ImmutableList.of("the kernel " + kernel + ", the model " + model);
  }

  /** Returns what differs where ports run out. */
  ImmutableList<String> searching() throws IOException {
    List<Outcome> kernel = floods(SEARCHING);
    List<Outcome> model = modelled(SEARCHING);
    out.println("ports running out, kernel: " + kernel + "\n                   model:  " + model);
    ImmutableList.Builder<String> found = ImmutableList.builder();
    for (int i = 0; i < kernel.size(); i++) {
      Outcome expected = kernel.get(i);
      Outcome actual = model.get(i);
      compare("drop of flood " + (i + 1), expected.drop(), actual.drop(), found);
      compareSteps("found of flood " + (i + 1), expected.found(), actual.found(), found);
      if (actual.drop() != actual.insertFailed() || expected.drop() != expected.insertFailed()) {
        found.add("drop and insert_failed are the same of flood " + (i + 1));
      }
    }
    return found.build();
  }

  /**
   * Returns what differs of a full table. Asks again if the kernel's collector came by.
   *
   * @param share the share of its entries that are not assured
   */
  ImmutableList<String> overflow(double share, int probes) throws IOException {
    JsonNode answer = lab.overflow(Crowd.question(), share, probes);
    for (int tries = 1; tries < TRIES && isCollected(answer, probes); tries++) {
      out.println("full table: the collector came by, " + Outcome.of(answer));
      answer = lab.overflow(Crowd.question(), share, probes);
    }
    long limit = answer.path("limit").asLong();
    Outcome kernel = Outcome.of(answer);
    Crowd crowd = new Crowd(SEED, limit, answer.path("buckets").asLong());
    crowd.fill(limit, share);
    Outcome model = crowd.probe(probes);
    out.println(
        "full table, " + share + " not assured, kernel and model: " + kernel + ", " + model);
    ImmutableList.Builder<String> found = ImmutableList.builder();
    found.addAll(unexplained("kernel", kernel, answer.path("full").asLong(), probes));
    found.addAll(unexplained("model", model, limit, probes));
    double odds = (kernel.drop() + model.drop()) / (2.0 * probes);
    double deviation = Math.sqrt(2 * probes * odds * (1 - odds));
    if (Math.abs(kernel.drop() - model.drop()) > DEVIATIONS * Math.max(1, deviation)) {
      found.add("share " + share + ": the kernel dropped " + kernel + ", the model " + model);
    }
    return found.build();
  }

  /**
   * Returns whether entries went that nothing counts. Once a packet was dropped for want of room,
   * the kernel's collector, which passes at its own times, takes what is not assured of a table
   * that is full by more than 95 percent (Linux 6.18, gc_worker of nf_conntrack_core.c).
   */
  static boolean isCollected(JsonNode answer, int probes) {
    long full = answer.path("full").asLong();
    Outcome outcome = Outcome.of(answer);
    return full < answer.path("limit").asLong()
        || outcome.entries() < expected(outcome, full, probes);
  }

  private static long expected(Outcome outcome, long full, int probes) {
    return full + probes - outcome.drop() - outcome.earlyDrop();
  }

  /**
   * Returns what is wrong with the number of entries. All of a bucket that are not assured make
   * room for one packet, so that the table may end with a place or two free; but each entry must
   * have come with a packet or gone by a drop that was counted.
   */
  static ImmutableList<String> unexplained(String whose, Outcome outcome, long full, int probes) {
    long expected = expected(outcome, full, probes);
    return outcome.entries() == expected
        ? ImmutableList.of()
        : ImmutableList.of(
            "the %s's table has %d entries, by its counts %d: %s"
                .formatted(whose, outcome.entries(), expected, outcome));
  }

  private List<Outcome> floods(List<Flood> floods) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    lab.exhaust(Crowd.question(), floods.stream().map(Flood::toJson).toList())
        .forEach(flood -> outcomes.add(Outcome.of(flood)));
    return outcomes;
  }

  private static List<Outcome> modelled(List<Flood> floods) {
    Crowd crowd = new Crowd(SEED, 0, 1 << 18);
    return floods.stream().map(crowd::flood).toList();
  }

  private static void compare(
      String what, long kernel, long model, ImmutableList.Builder<String> found) {
    double deviation = Math.sqrt(kernel + model + 1.0);
    if (Math.abs(kernel - model) > DEVIATIONS * deviation) {
      found.add(what + ": the kernel " + kernel + ", the model " + model);
    }
  }

  /** Sums of search lengths: between two runs of one kernel they differ by a few percent. */
  private static void compareSteps(
      String what, long kernel, long model, ImmutableList.Builder<String> found) {
    if (Math.abs(kernel - model) > 0.08 * Math.max(kernel, model)) {
      found.add(what + ": the kernel " + kernel + ", the model " + model);
    }
  }
}
