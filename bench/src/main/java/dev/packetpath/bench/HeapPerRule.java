package dev.packetpath.bench;

import dev.packetpath.iptables.Ruleset;
import dev.packetpath.node.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures how much heap a rule takes once it was read, and how much more once it was loaded into a
 * host, ready to be walked: what is in use after garbage collections, in a JVM of its own. No
 * benchmark of JMH, for there is no time in it.
 */
public final class HeapPerRule {
  /** What must not be collected. */
  private static final List<Object> KEPT = new ArrayList<>();

  private HeapPerRule() {}

  /**
   * Measures with as many services as the argument says (many: small sums drown in noise) and
   * prints a line for each form.
   */
  public static void main(String[] arguments) {
    String text = ServiceNode.text(Integer.parseInt(arguments[0]));
    KEPT.add(text);
    // Once before, for the classes and what they keep.
    Node.of(ServiceNode.snapshot(ServiceNode.parse(text)));
    long before = OwnJvm.usedBytes();
    Ruleset parsed = ServiceNode.parse(text);
    KEPT.add(parsed);
    long afterParsing = OwnJvm.usedBytes();
    KEPT.add(Node.of(ServiceNode.snapshot(parsed)));
    long afterLoading = OwnJvm.usedBytes();
    int rules = ServiceNode.ruleCount(parsed);
    print("bytes-per-rule", rules, afterLoading - afterParsing);
    print("bytes-per-written-rule", rules, afterParsing - before);
  }

  private static void print(String what, int rules, long bytes) {
    System.out.print(Ratios.line(what, (double) bytes / rules));
  }
}
