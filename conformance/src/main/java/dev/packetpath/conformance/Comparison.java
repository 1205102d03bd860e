package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** Asks kernel and models the same and compares what they answer. Belongs to one thread. */
final class Comparison {
  private static final int DIFFERENCES_SHOWN = 20;
  private static final int ASKED = 2;

  /**
   * What is drawn is left out where the kernel's two runs differ. They draw the same of four ports
   * once in four times, so that this is asked until it would be a wonder if they always had.
   */
  private static final int ASKED_WHERE_DRAWN = 40;

  private final KernelLab lab;
  private final String backend;
  private final Fault fault;
  private final PrintStream out;
  private final Coverage coverage = new Coverage();
  private boolean drawn;
  private int unstable;
  private int unrepeated;

  Comparison(KernelLab lab, String backend, Fault fault, PrintStream out) {
    this.lab = lab;
    this.backend = backend;
    this.fault = fault;
    this.out = out;
  }

  /**
   * Returns the differences of a vector, in the kernel's plain run and in its instrumented one.
   * What differs between two runs of the kernel, and what the models draw lots for, proves nothing;
   * nor does what is gone when asked again: on a busy machine a tick may be counted late.
   */
  ImmutableList<String> differences(ObjectNode vector) throws IOException {
    Optional<ImmutableList<String>> first = ask(vector);
    if (first.isEmpty()) {
      unstable++;
      return ImmutableList.of();
    }
    ImmutableList<String> differences = first.get();
    return differences.isEmpty() || fault != Fault.NONE
        ? differences
        : asked(vector, differences, drawn ? ASKED_WHERE_DRAWN : ASKED);
  }

  /**
   * Returns what of differences is there whenever the vector is asked again; where lots are drawn,
   * a fault tells the same each time, and what proves nothing each time is left out.
   */
  private ImmutableList<String> asked(ObjectNode vector, ImmutableList<String> found, int most)
      throws IOException {
    ImmutableList<String> lasting = found;
    boolean proved = false;
    for (int asked = 1; asked < most && !lasting.isEmpty(); asked++) {
      boolean lots = drawn;
      Optional<ImmutableList<String>> again = ask(vector);
      if (again.isPresent()) {
        proved = true;
        lasting = lots ? common(lasting, again.get()) : again.get();
      }
    }
    if (!proved) {
      unstable++;
      return ImmutableList.of();
    }
    if (lasting.isEmpty()) {
      unrepeated++;
      out.println("not there when asked again: " + found);
    }
    return lasting;
  }

  private static ImmutableList<String> common(
      ImmutableList<String> one, ImmutableList<String> other) {
    return one.stream().filter(other::contains).collect(ImmutableList.toImmutableList());
  }

  /** Returns the differences; nothing where lots were drawn and the kernel's runs differ. */
  private Optional<ImmutableList<String>> ask(ObjectNode vector) throws IOException {
    drawn = false;
    KernelLab.Answer answer = lab.run(vector, backend);
    ObjectNode question = fault.spoilQuestion(vector.deepCopy());
    Optional<String> refusal = ModelRun.refusal(question);
    if (answer instanceof KernelLab.Answer.Refused refused) {
      return Optional.of(
          refusal.isPresent()
              ? ImmutableList.of()
              : ImmutableList.of("the models take it, the kernel says " + refused.reason()));
    }
    if (refusal.isPresent()) {
      return Optional.of(ImmutableList.of("the kernel takes it, the models say " + refusal.get()));
    }
    JsonNode kernel = ((KernelLab.Answer.Completed) answer).vector();
    int draws = 0;
    ImmutableList.Builder<String> found = ImmutableList.builder();
    for (JsonNode pass : List.of(kernel, kernel.path("probed"))) {
      ObjectNode model = ModelRun.complete(question, KernelTimes.of(pass));
      draws += model.path("draws").asInt();
      found.addAll(Differences.between(pass, fault.spoilAnswer(model)));
    }
    drawn = draws > 0;
    coverage.add(vector, kernel.path("probed"));
    ImmutableList<String> differences = found.build();
    boolean proves = differences.isEmpty() || draws == 0 || !kernel.has("unstable");
    return proves ? Optional.of(differences) : Optional.empty();
  }

  /** Tells the differences of a vector, made as small as can be, and how to see them again. */
  void report(String name, ObjectNode vector) throws IOException {
    ObjectNode small = Shrinker.shrink(vector, candidate -> !differences(candidate).isEmpty());
    out.println(name + ": kernel and models disagree");
    differences(small).stream()
        .limit(DIFFERENCES_SHOWN)
        .forEach(difference -> out.println("  " + difference));
    JsonNode answered =
        lab.run(small, backend) instanceof KernelLab.Answer.Completed completed
            ? completed.vector()
            : MissingNode.getInstance();
    out.println(Reproduction.script(small, answered, backend));
  }

  Fault fault() {
    return fault;
  }

  Coverage coverage() {
    return coverage;
  }

  /** Returns how many answers of the kernel depended on chance and were left out. */
  int unstable() {
    return unstable;
  }

  /** Returns how many answers differed once and not when asked again. */
  int unrepeated() {
    return unrepeated;
  }
}
