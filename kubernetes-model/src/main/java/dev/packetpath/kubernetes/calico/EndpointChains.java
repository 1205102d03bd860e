package dev.packetpath.kubernetes.calico;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.CalicoRule;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.text.TableText;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The chains of Pods, of policies and of namespaces' profiles (felix/rules/endpoints.go). */
final class EndpointChains {
  private final Cluster cluster;
  private final ImmutableList<CalicoPolicy> policies;
  private final PolicySets sets;
  private final IpFamily family;
  private final Direction incoming =
      new Direction("cali-pi-", "cali-pri-", true, CalicoPolicy::ingress);
  private final Direction outgoing =
      new Direction("cali-po-", "cali-pro-", false, CalicoPolicy::egress);

  /** What differs between what Pods receive and what they send. */
  private record Direction(
      String policyPrefix,
      String profilePrefix,
      boolean isIncoming,
      Function<CalicoPolicy, Optional<ImmutableList<CalicoRule>>> rules) {}

  EndpointChains(
      Cluster cluster, ImmutableList<CalicoPolicy> policies, PolicySets sets, IpFamily family) {
    this.cluster = cluster;
    this.policies = policies;
    this.sets = sets;
    this.family = family;
  }

  /** Adds the chains of some Pods, and of the policies and profiles that decide about them. */
  void addTo(TableText filter, ImmutableList<Pod> pods) {
    TreeSet<String> namespaces = new TreeSet<>();
    Set<CalicoPolicy> received = new LinkedHashSet<>();
    Set<CalicoPolicy> sent = new LinkedHashSet<>();
    for (Pod pod : pods) {
      String device = CalicoNames.device(pod);
      namespaces.add(pod.namespace());
      ImmutableList<CalicoPolicy> ingress = policiesOf(pod, incoming);
      ImmutableList<CalicoPolicy> egress = policiesOf(pod, outgoing);
      received.addAll(ingress);
      sent.addAll(egress);
      CalicoRules toPod = start();
      decide(toPod, pod, ingress, incoming);
      filter.chain(CalicoNames.chain("cali-tw-", device), toPod.build());
      CalicoRules fromPod = start();
      dropTunnelled(fromPod);
      decide(fromPod, pod, egress, outgoing);
      filter.chain(CalicoNames.chain("cali-fw-", device), fromPod.build());
    }
    for (String namespace : namespaces) {
      CalicoRules allowAll = new CalicoRules().mark(rule -> {}, CalicoRules.ACCEPT);
      filter.chain(profile(incoming, namespace), allowAll.build());
      filter.chain(profile(outgoing, namespace), allowAll.build());
    }
    received.forEach(policy -> addPolicy(filter, policy, incoming));
    sent.forEach(policy -> addPolicy(filter, policy, outgoing));
  }

  private ImmutableList<CalicoPolicy> policiesOf(Pod pod, Direction direction) {
    return policies.stream()
        .filter(policy -> direction.rules().apply(policy).isPresent())
        .filter(policy -> policy.appliesTo().matches(pod, cluster))
        .collect(ImmutableList.toImmutableList());
  }

  private void addPolicy(TableText filter, CalicoPolicy policy, Direction direction) {
    ImmutableList<CalicoRule> rules = direction.rules().apply(policy).orElseThrow();
    filter.chain(
        chain(policy, direction),
        PolicyChain.of(rules, sets, family, direction.isIncoming()).build());
  }

  private static String chain(CalicoPolicy policy, Direction direction) {
    return CalicoNames.chain(direction.policyPrefix(), policy.name());
  }

  private static String profile(Direction direction, String namespace) {
    return CalicoNames.chain(direction.profilePrefix(), "kns." + namespace);
  }

  private static CalicoRules start() {
    return new CalicoRules()
        .when(CalicoRules.state("RELATED,ESTABLISHED"), "ACCEPT")
        .when(CalicoRules.state("INVALID"), "DROP")
        .clear(CalicoRules.ACCEPT | CalicoRules.PASS);
  }

  private static void dropTunnelled(CalicoRules rules) {
    rules
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
  }

  /** Adds the policies, or where there are none, the namespace's profile, which allows all. */
  private static void decide(
      CalicoRules rules, Pod pod, ImmutableList<CalicoPolicy> policies, Direction direction) {
    if (!policies.isEmpty()) {
      rules.clear(CalicoRules.PASS);
      for (CalicoPolicy policy : policies) {
        rules
            .when(CalicoRules.unmarked(CalicoRules.PASS), chain(policy, direction))
            .when(
                rule -> rule.comment("Return if policy accepted").marked(CalicoRules.ACCEPT),
                "RETURN");
      }
      rules.when(
          rule ->
              rule.comment("End of tier default. Drop if no policies passed packet")
                  .match("mark --mark 0x0/0x20000"),
          "DROP");
      boolean mayPass =
          policies.stream()
              .flatMap(policy -> direction.rules().apply(policy).stream())
              .flatMap(ImmutableList::stream)
              .anyMatch(rule -> rule.action() == CalicoRule.Action.PASS);
      if (!mayPass) {
        return;
      }
    }
    rules
        .jump(profile(direction, pod.namespace()))
        .when(
            rule -> rule.comment("Return if profile accepted").marked(CalicoRules.ACCEPT), "RETURN")
        .when(rule -> rule.comment("Drop if no profiles matched"), "DROP");
  }
}
