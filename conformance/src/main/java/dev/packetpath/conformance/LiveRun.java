package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.TableName;
import dev.packetpath.testkit.RulesetTexts;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Random;

/**
 * Generated rule sets and packets on the live kernel and on the models, compared in everything. One
 * seed gives one case. Belongs to one thread.
 */
public final class LiveRun {
  private static final ImmutableList<TableName> ALL_TABLES =
      ImmutableList.copyOf(TableName.values());

  /**
   * iptables-nft hangs the security table behind source NAT, at 150, and not before it as the
   * kernel.
   */
  private static final ImmutableSet<TableName> TABLES_ALIKE_IN_NFT =
      Sets.immutableEnumSet(TableName.RAW, TableName.MANGLE, TableName.NAT, TableName.FILTER);

  private final KernelLab lab;
  private final String backend;
  private final PrintStream out;
  private final Fault fault;
  private final ImmutableSet<TableName> tables;
  private final Coverage coverage = new Coverage();
  private int ruleSets;
  private int packets;
  private int disagreements;
  private int unstable;

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
    this.lab = lab;
    this.backend = backend;
    this.out = out;
    this.fault = fault;
    this.tables = backend.equals("nft") ? TABLES_ALIKE_IN_NFT : Sets.immutableEnumSet(ALL_TABLES);
  }

  /**
   * Returns the rule sets, sets and packets of a seed; no packets if the models refuse the rules.
   */
  private ObjectNode vector(long seed, int packets) {
    Random random = new Random(seed);
    ObjectNode vector = JsonNodeFactory.instance.objectNode();
    vector.put("ipset", RulesetTexts.sets(random));
    vector.put("ruleset", RulesetTexts.ruleset(random, IpFamily.IPV4, tables));
    vector.put("ruleset6", RulesetTexts.ruleset(random, IpFamily.IPV6, tables));
    try {
      PacketScript.addTo(vector, random, packets, true);
    } catch (SyntaxException e) {
      vector.putArray("packets"); // whether the kernel refuses them too is compared all the same
    }
    return vector;
  }

  /**
   * Runs the case of a seed. A disagreement is made smaller and printed.
   *
   * @return whether kernel and models agree
   * @throws IOException if the laboratory failed
   */
  public boolean agrees(long seed, int packetsPerRuleSet) throws IOException {
    ObjectNode vector = vector(seed, packetsPerRuleSet);
    ruleSets++;
    packets += packetsPerRuleSet;
    ImmutableList<String> differences = differences(vector);
    if (differences.isEmpty()) {
      return true;
    }
    disagreements++;
    if (fault == Fault.NONE) {
      report(seed, vector);
    }
    return false;
  }

  private void report(long seed, ObjectNode vector) throws IOException {
    ObjectNode small = Shrinker.shrink(vector, candidate -> !differences(candidate).isEmpty());
    out.println("seed " + seed + ": kernel and models disagree");
    differences(small).forEach(difference -> out.println("  " + difference));
    out.println(Reproduction.script(small, backend));
  }

  /** Returns the differences of a vector; none if the kernel's own answer depends on chance. */
  private ImmutableList<String> differences(ObjectNode vector) throws IOException {
    KernelLab.Answer answer = lab.run(vector, backend);
    ObjectNode model;
    try {
      model = fault.spoilAnswer(ModelRun.complete(fault.spoilQuestion(vector.deepCopy())));
    } catch (SyntaxException e) {
      return answer instanceof KernelLab.Answer.Refused
          ? ImmutableList.of()
          : ImmutableList.of("the kernel takes it, the models say " + e.getMessage());
    }
    if (answer instanceof KernelLab.Answer.Refused refused) {
      return ImmutableList.of("the models take it, the kernel says " + refused.reason());
    }
    JsonNode kernel = ((KernelLab.Answer.Completed) answer).vector();
    if (!kernel.path("unstable").isEmpty()) {
      unstable++;
      return ImmutableList.of();
    }
    coverage.add(vector, kernel);
    return Differences.between(kernel, model);
  }

  /** Returns how many cases disagreed. */
  public int disagreements() {
    return disagreements;
  }

  /** Returns how often each extension and state was reached, as a table. */
  public String coverage() {
    return coverage.table();
  }

  /** Returns {@code rule sets R, packets P, disagreements D}. */
  public String summary() {
    return "rule sets " + ruleSets + ", packets " + packets + ", disagreements " + disagreements;
  }

  /**
   * Returns how many answers of the kernel depended on its own random choices and were left out.
   */
  public int unstable() {
    return unstable;
  }
}
