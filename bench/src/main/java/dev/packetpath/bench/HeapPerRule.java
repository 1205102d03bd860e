package dev.packetpath.bench;

import dev.packetpath.iptables.Ruleset;
import dev.packetpath.node.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures how much heap a rule takes once it was read, and how much more once it was loaded into a
 * host: what is in use after garbage collections, in a JVM of its own. No benchmark of JMH, for
 * there is no time in it.
 */
public final class HeapPerRule {
  private static final int ENDPOINTS = 10;

  /** What must not be collected. */
  private static final List<Object> KEPT = new ArrayList<>();

  private HeapPerRule() {}

  /**
   * Measures with as many services as the argument says (many: small sums drown in noise) and
   * prints rows of a table.
   */
  public static void main(String[] arguments) {
    KubeProxyRules rules = new KubeProxyRules(Integer.parseInt(arguments[0]), ENDPOINTS);
    String text = ServiceNode.text(rules);
    KEPT.add(text);
    // Once before, for the classes and what they keep.
    Node.of(ServiceNode.snapshot(ServiceNode.parse(text)));
    long before = OwnJvm.usedBytes();
    Ruleset parsed = ServiceNode.parse(text);
    KEPT.add(parsed);
    long afterParsing = OwnJvm.usedBytes();
    KEPT.add(Node.of(ServiceNode.snapshot(parsed)));
    long afterLoading = OwnJvm.usedBytes();
    print("parsed", rules, afterParsing - before);
    print("loaded", rules, afterLoading - afterParsing);
  }

  private static void print(String what, KubeProxyRules rules, long bytes) {
    System.out.print(
        ResultTable.row(
            "HeapPerRule." + what,
            "services=" + rules.services(),
            String.format(Locale.ROOT, "%.1f", (double) bytes / rules.ruleCount()),
            "",
            "bytes/rule"));
  }
}
