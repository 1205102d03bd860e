package dev.packetpath.conformance;

/** tmp. */
public final class Main {
  private Main() {}

  /** tmp. */
  public static void main(String[] args) throws Exception {
    com.fasterxml.jackson.databind.ObjectMapper json =
        new com.fasterxml.jackson.databind.ObjectMapper();

    int from = Integer.parseInt(args[1]);
    int to = Integer.parseInt(args[2]);
    java.util.Map<String, Integer> kinds = new java.util.TreeMap<>();
    int packets = 0;
    int bad = 0;
    try (KernelLab lab = KernelLab.start(java.nio.file.Path.of(args[3]))) {
      for (int seed = from; seed < to; seed++) {
        java.util.Random random = new java.util.Random(seed);
        com.fasterxml.jackson.databind.node.ObjectNode vector = json.createObjectNode();
        vector.put("ipset", dev.packetpath.testkit.RulesetTexts.sets(random));
        vector.put("ruleset", dev.packetpath.testkit.RulesetTexts.ruleset(random, dev.packetpath.core.net.IpFamily.IPV4));
        vector.put("ruleset6", dev.packetpath.testkit.RulesetTexts.ruleset(random, dev.packetpath.core.net.IpFamily.IPV6));
        try {
          PacketScript.addTo(vector, random, 40, true);
        } catch (dev.packetpath.core.SyntaxException e) {
          System.out.println(seed + " model refuses " + e.getMessage() + " : " + (e.file().equals("ruleset") ? vector.path("ruleset").asText().split("\n")[e.line() - 1] : e.file().equals("ruleset6") ? vector.path("ruleset6").asText().split("\n")[e.line() - 1] : ""));
          vector.putArray("packets");
          if (lab.run(vector, "legacy") instanceof KernelLab.Answer.Completed) {
            System.out.println("   but the kernel takes it");
          }
          continue;
        }
        packets += 40;
        KernelLab.Answer answer = lab.run(vector, "legacy");
        if (!(answer instanceof KernelLab.Answer.Completed completed)) {
          System.out.println(seed + " refused " + answer);
          continue;
        }
        var differences = Differences.between(completed.vector(), ModelRun.complete(vector));
        if (completed.vector().path("unstable").size() > 0) {
          System.out.println(seed + " unstable " + completed.vector().path("unstable"));
        }
        if (!differences.isEmpty()) {
          bad++;
          kinds.merge(differences.get(0).replaceAll("[0-9]+", "N"), 1, Integer::sum);
          System.out.println(seed + " " + differences.size() + " " + differences.get(0));
          java.nio.file.Files.writeString(
              java.nio.file.Path.of("/tmp/diff-" + seed + ".json"),
              json.writerWithDefaultPrettyPrinter().writeValueAsString(completed.vector()));
        }
      }
    }
    System.out.println(kinds);
    System.out.println(
        "rule sets " + (to - from) + ", packets " + packets + ", disagreements " + bad);
  }
}
