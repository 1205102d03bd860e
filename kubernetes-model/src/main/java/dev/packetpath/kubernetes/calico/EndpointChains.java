package dev.packetpath.kubernetes.calico;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.text.TableText;
import java.util.TreeSet;

/** The chains of Pods, of policies and of namespaces' profiles (felix/rules/endpoints.go). */
final class EndpointChains {
  private EndpointChains() {}

  static void add(
      ImmutableList<Pod> pods,
      ImmutableList<CalicoPolicy> policies,
      IpFamily family,
      TableText filter) {
    TreeSet<String> namespaces = new TreeSet<>();
    for (Pod pod : pods) {
      String device = CalicoNames.device(pod);
      namespaces.add(pod.namespace());
      filter.chain(CalicoNames.chain("cali-tw-", device), toPod(pod, policies).build());
      filter.chain(CalicoNames.chain("cali-fw-", device), fromPod(pod).build());
    }
    for (String namespace : namespaces) {
      CalicoRules allowAll = new CalicoRules().mark(rule -> {}, CalicoRules.ACCEPT);
      filter.chain(profile("cali-pri-", namespace), allowAll.build());
      filter.chain(profile("cali-pro-", namespace), allowAll.build());
    }
    for (CalicoPolicy policy : policies) {
      String set = CalicoNames.set(family, peers(policy));
      CalicoRules allow =
          new CalicoRules()
              .mark(rule -> rule.match("set --match-set " + set + " src"), CalicoRules.ACCEPT);
      filter.chain(CalicoNames.chain("cali-pi-", policy.name()), allow.build());
    }
  }

  /** Returns the id of the set of a policy's peers. */
  static String peers(CalicoPolicy policy) {
    return "s:" + CalicoNames.hash(policy.name()).substring(0, 22);
  }

  private static String profile(String prefix, String namespace) {
    return CalicoNames.chain(prefix, "kns." + namespace);
  }

  private static CalicoRules toPod(Pod pod, ImmutableList<CalicoPolicy> policies) {
    CalicoRules rules = start();
    if (policies.isEmpty()) {
      return byProfile(rules, profile("cali-pri-", pod.namespace()));
    }
    rules.clear(CalicoRules.PASS);
    for (CalicoPolicy policy : policies) {
      rules
          .when(
              CalicoRules.unmarked(CalicoRules.PASS), CalicoNames.chain("cali-pi-", policy.name()))
          .when(
              rule -> rule.comment("Return if policy accepted").marked(CalicoRules.ACCEPT),
              "RETURN");
    }
    return rules.when(
        rule ->
            rule.comment("End of tier default. Drop if no policies passed packet")
                .match("mark --mark 0x0/0x20000"),
        "DROP");
  }

  private static CalicoRules fromPod(Pod pod) {
    CalicoRules rules =
        start()
            .when(
                rule ->
                    rule.comment("Drop VXLAN encapped packets originating in workloads")
                        .protocol("udp")
                        .match("multiport --dports 4789"),
                "DROP")
            .when(
                rule ->
                    rule.comment("Drop IPinIP encapped packets originating in workloads")
                        .protocol("ipencap"),
                "DROP");
    return byProfile(rules, profile("cali-pro-", pod.namespace()));
  }

  private static CalicoRules start() {
    return new CalicoRules()
        .when(CalicoRules.state("RELATED,ESTABLISHED"), "ACCEPT")
        .when(CalicoRules.state("INVALID"), "DROP")
        .clear(CalicoRules.ACCEPT | CalicoRules.PASS);
  }

  private static CalicoRules byProfile(CalicoRules rules, String chain) {
    return rules
        .jump(chain)
        .when(
            rule -> rule.comment("Return if profile accepted").marked(CalicoRules.ACCEPT), "RETURN")
        .when(rule -> rule.comment("Drop if no profiles matched"), "DROP");
  }
}
