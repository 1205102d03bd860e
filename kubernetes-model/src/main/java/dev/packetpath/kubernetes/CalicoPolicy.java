package dev.packetpath.kubernetes;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import dev.packetpath.kubernetes.policy.LabelSelector;
import dev.packetpath.kubernetes.policy.NetworkPolicy;
import dev.packetpath.kubernetes.policy.PodSelector;
import dev.packetpath.kubernetes.policy.PolicyPeer;
import dev.packetpath.kubernetes.policy.PolicyPort;
import dev.packetpath.kubernetes.policy.PolicyRule;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A policy as Calico enforces it, in its default tier. Of the policies about a Pod the first whose
 * rules say anything about a packet decides; a packet that none of them allows is dropped.
 *
 * @param name its name
 * @param appliesTo the Pods that it is about
 * @param ingress its rules for what they receive; empty if it says nothing about that
 * @param egress its rules for what they send; empty if it says nothing about that
 */
public record CalicoPolicy(
    String name,
    PodSelector appliesTo,
    Optional<ImmutableList<CalicoRule>> ingress,
    Optional<ImmutableList<CalicoRule>> egress) {
  /**
   * Returns the policies of the published experiment: three for each Pod, of one rule each, of
   * which the last one allows what comes from any Pod.
   */
  public static ImmutableList<CalicoPolicy> usual() {
    return ImmutableList.of(
        allowFrom("default.allow-nobody", nobody("no-one")),
        allowFrom("default.allow-no-one-else", nobody("no-one-else")),
        allowFrom("default.allow-pods", PodSelector.ALL));
  }

  private static PodSelector nobody(String role) {
    return new PodSelector(LabelSelector.ALL, LabelSelector.of("role", role));
  }

  private static CalicoPolicy allowFrom(String name, PodSelector peers) {
    return new CalicoPolicy(
        name,
        PodSelector.ALL,
        Optional.of(ImmutableList.of(CalicoRule.allow(peers))),
        Optional.empty());
  }

  /**
   * Returns what Calico makes of NetworkPolicies, by name: a rule for each peer and protocol.
   *
   * <p>Source: projectcalico/calico libcalico-go/lib/backend/k8s/conversion.
   */
  public static ImmutableList<CalicoPolicy> of(List<NetworkPolicy> policies) {
    return policies.stream()
        .map(CalicoPolicy::of)
        .sorted(Comparator.comparing(CalicoPolicy::name))
        .collect(ImmutableList.toImmutableList());
  }

  private static CalicoPolicy of(NetworkPolicy policy) {
    return new CalicoPolicy(
        policy.namespace() + "/knp.default." + policy.name(),
        PodSelector.in(policy.namespace(), policy.pods()),
        policy.ingress().map(CalicoPolicy::rules),
        policy.egress().map(CalicoPolicy::rules));
  }

  private static ImmutableList<CalicoRule> rules(ImmutableList<PolicyRule> rules) {
    ImmutableList.Builder<CalicoRule> all = ImmutableList.builder();
    for (PolicyRule rule : rules) {
      List<Optional<PolicyPeer>> peers =
          rule.peers().isEmpty()
              ? List.of(Optional.empty())
              : rule.peers().stream().map(Optional::of).toList();
      ImmutableListMultimap<ServiceProtocol, PolicyPort> ports =
          Multimaps.index(rule.ports(), PolicyPort::protocol);
      for (Optional<PolicyPeer> peer : peers) {
        if (ports.isEmpty()) {
          all.add(rule(peer, Optional.empty(), ImmutableList.of()));
        }
        for (ServiceProtocol protocol : ports.keySet()) {
          all.add(rule(peer, Optional.of(protocol), ports.get(protocol)));
        }
      }
    }
    return all.build();
  }

  private static CalicoRule rule(
      Optional<PolicyPeer> peer,
      Optional<ServiceProtocol> protocol,
      ImmutableList<PolicyPort> ports) {
    Optional<PodSelector> pods =
        peer.filter(PolicyPeer.Pods.class::isInstance)
            .map(any -> ((PolicyPeer.Pods) any).selector());
    Optional<PolicyPeer.Block> block =
        peer.filter(PolicyPeer.Block.class::isInstance).map(PolicyPeer.Block.class::cast);
    return new CalicoRule(
        CalicoRule.Action.ALLOW,
        protocol,
        pods,
        block.map(addresses -> ImmutableList.of(addresses.cidr())).orElse(ImmutableList.of()),
        block.map(PolicyPeer.Block::except).orElse(ImmutableList.of()),
        ports.stream().anyMatch(PolicyPort::isAll) ? ImmutableList.of() : ports);
  }
}
