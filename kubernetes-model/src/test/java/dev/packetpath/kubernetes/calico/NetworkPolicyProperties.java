package dev.packetpath.kubernetes.calico;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.policy.LabelSelector;
import dev.packetpath.kubernetes.policy.NetworkPolicy;
import dev.packetpath.kubernetes.policy.PodSelector;
import dev.packetpath.kubernetes.policy.PolicyPeer;
import dev.packetpath.kubernetes.policy.PolicyPort;
import dev.packetpath.kubernetes.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Calico's chains say what the manual says: an allowance by one policy of each side is needed. */
final class NetworkPolicyProperties {
  private static final List<String> NAMESPACES = List.of("a", "b");
  private static final List<String> VALUES = List.of("x", "y", "z");
  private static final int PODS = 8;
  private static final int FLOWS = 40;

  @Property(tries = 60)
  void chainsAllowWhatTheManualSays(@ForAll long seed) {
    Random random = new Random(seed);
    Cluster cluster = cluster(random);
    PolicyNode node = new PolicyNode(cluster);
    for (int i = 0; i < FLOWS; i++) {
      Optional<Pod> source = party(cluster, random);
      Optional<Pod> target = party(cluster, random);
      boolean ipv6 = random.nextBoolean();
      IpAddress from = address(source, ipv6, random);
      IpAddress to = address(target, ipv6, random);
      if (from.equals(to) || !isHere(source) && !isHere(target)) {
        continue;
      }
      ServiceProtocol protocol = random.nextBoolean() ? ServiceProtocol.TCP : ServiceProtocol.UDP;
      int port = 80 + random.nextInt(4);
      Party sender = new Party(source, from);
      Party receiver = new Party(target, to);
      boolean expected =
          allows(cluster, sender, NetworkPolicy::egress, receiver, receiver, protocol, port)
              && allows(
                  cluster, receiver, NetworkPolicy::ingress, sender, receiver, protocol, port);
      assertThat(node.passes(from, to, protocol, port))
          .as("%s %s > %s %s %s %s in %s", source, from, target, to, protocol, port, cluster)
          .isEqualTo(expected);
    }
  }

  /** One side of a connection: a Pod or somebody outside. */
  private record Party(Optional<Pod> pod, IpAddress address) {}

  private static boolean isHere(Optional<Pod> pod) {
    return pod.map(one -> one.node().equals("n1")).orElse(false);
  }

  private static boolean allows(
      Cluster cluster,
      Party self,
      Function<NetworkPolicy, Optional<ImmutableList<PolicyRule>>> direction,
      Party peer,
      Party receiver,
      ServiceProtocol protocol,
      int port) {
    if (!isHere(self.pod())) {
      return true;
    }
    Pod pod = self.pod().orElseThrow();
    boolean isolated = false;
    for (NetworkPolicy policy : cluster.policies()) {
      if (policy.namespace().equals(pod.namespace())
          && policy.pods().matches(pod.labels())
          && direction.apply(policy).isPresent()) {
        isolated = true;
        for (PolicyRule rule : direction.apply(policy).get()) {
          boolean fromPeer =
              rule.peers().isEmpty()
                  || rule.peers().stream().anyMatch(one -> isPeer(one, peer, cluster));
          boolean toPort =
              rule.ports().isEmpty()
                  || rule.ports().stream().anyMatch(one -> isPort(one, receiver, protocol, port));
          if (fromPeer && toPort) {
            return true;
          }
        }
      }
    }
    return !isolated;
  }

  private static boolean isPeer(PolicyPeer peer, Party party, Cluster cluster) {
    if (peer instanceof PolicyPeer.Block block) {
      return block.cidr().contains(party.address())
          && block.except().stream().noneMatch(part -> part.contains(party.address()));
    }
    PodSelector selector = ((PolicyPeer.Pods) peer).selector();
    return party
        .pod()
        .map(
            pod ->
                selector.pods().matches(pod.labels())
                    && selector.namespaces().matches(cluster.namespaceLabels(pod.namespace())))
        .orElse(false);
  }

  private static boolean isPort(
      PolicyPort allowed, Party receiver, ServiceProtocol protocol, int port) {
    if (allowed.protocol() != protocol) {
      return false;
    }
    if (allowed.name().isEmpty()) {
      return allowed.first() <= port && port <= allowed.last();
    }
    return receiver
        .pod()
        .map(
            pod ->
                pod.ports().stream()
                    .anyMatch(
                        named ->
                            named.name().equals(allowed.name())
                                && named.protocol() == protocol
                                && named.number() == port))
        .orElse(false);
  }

  private static Optional<Pod> party(Cluster cluster, Random random) {
    return random.nextInt(4) == 0
        ? Optional.empty()
        : Optional.of(cluster.pods().get(random.nextInt(PODS)));
  }

  private static IpAddress address(Optional<Pod> pod, boolean ipv6, Random random) {
    return pod.map(one -> one.addresses().get(ipv6 ? 1 : 0))
        .orElseGet(
            () -> IpAddress.parse((ipv6 ? "2001:db8::" : "203.0.113.") + (1 + random.nextInt(6))));
  }

  private static Cluster cluster(Random random) {
    ImmutableList.Builder<Pod> pods = ImmutableList.builder();
    for (int i = 0; i < PODS; i++) {
      int node = 1 + random.nextInt(2);
      pods.add(
          new Pod(
              oneOf(NAMESPACES, random),
              "pod-" + i,
              "n" + node,
              false,
              ImmutableList.of(
                  IpAddress.parse("10.244." + node + "." + (10 + i)),
                  IpAddress.parse("fd00:10:244:" + node + "::" + (10 + i))),
              ImmutableMap.of("app", oneOf(VALUES, random)),
              ImmutableList.of(
                  new Pod.NamedPort("web", ServiceProtocol.TCP, 80 + random.nextInt(2)),
                  new Pod.NamedPort("dns", ServiceProtocol.UDP, 80 + random.nextInt(3)))));
    }
    ImmutableList.Builder<NetworkPolicy> policies = ImmutableList.builder();
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      String namespace = oneOf(NAMESPACES, random);
      policies.add(
          new NetworkPolicy(
              namespace,
              "policy-" + i,
              selector(random),
              rules(namespace, random),
              rules(namespace, random)));
    }
    return new Cluster(
        ImmutableList.of(node(1), node(2)),
        pods.build(),
        ImmutableList.of(),
        ImmutableList.of(IpPrefix.parse("10.244.0.0/16"), IpPrefix.parse("fd00:10:244::/48")),
        ImmutableList.of(),
        ImmutableMap.of("a", ImmutableMap.of("team", "x")),
        policies.build());
  }

  private static ClusterNode node(int number) {
    return new ClusterNode(
        "n" + number,
        "",
        ImmutableList.of(
            IpAddress.parse("192.168.0." + number), IpAddress.parse("fd00:192::" + number)),
        ImmutableList.of(
            IpPrefix.parse("10.244." + number + ".0/24"),
            IpPrefix.parse("fd00:10:244:" + number + "::/64")));
  }

  private static <T> T oneOf(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  private static LabelSelector selector(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> LabelSelector.ALL;
      case 1 -> LabelSelector.of("app", oneOf(VALUES, random));
      case 2 -> requirement(LabelSelector.Operator.NOT_IN, random);
      default -> requirement(LabelSelector.Operator.IN, random);
    };
  }

  private static LabelSelector requirement(LabelSelector.Operator operator, Random random) {
    return new LabelSelector(
        ImmutableSortedMap.of(),
        ImmutableList.of(
            new LabelSelector.Requirement(
                "app", operator, ImmutableSet.of(oneOf(VALUES, random), oneOf(VALUES, random)))));
  }

  private static Optional<ImmutableList<PolicyRule>> rules(String namespace, Random random) {
    if (random.nextInt(3) == 0) {
      return Optional.empty();
    }
    ImmutableList.Builder<PolicyRule> rules = ImmutableList.builder();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      List<PolicyPeer> peers = new ArrayList<>();
      int many = random.nextInt(3);
      for (int j = 0; j < many; j++) {
        peers.add(peer(namespace, random));
      }
      rules.add(new PolicyRule(ImmutableList.copyOf(peers), ports(random)));
    }
    return Optional.of(rules.build());
  }

  private static PolicyPeer peer(String namespace, Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> new PolicyPeer.Pods(PodSelector.in(namespace, selector(random)));
      case 1 ->
          new PolicyPeer.Pods(new PodSelector(LabelSelector.of("team", "x"), selector(random)));
      case 2 -> new PolicyPeer.Pods(new PodSelector(LabelSelector.ALL, selector(random)));
      case 3 -> block("203.0.113.0/29", "203.0.113.2/31", "203.0.113.4/32", random);
      default -> block("2001:db8::/125", "2001:db8::2/127", "2001:db8::4/128", random);
    };
  }

  private static PolicyPeer block(String cidr, String one, String other, Random random) {
    List<IpPrefix> except = List.of(IpPrefix.parse(one), IpPrefix.parse(other));
    return new PolicyPeer.Block(
        IpPrefix.parse(cidr), ImmutableList.copyOf(except.subList(0, random.nextInt(3))));
  }

  private static ImmutableList<PolicyPort> ports(Random random) {
    ImmutableList.Builder<PolicyPort> ports = ImmutableList.builder();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      ServiceProtocol protocol = random.nextBoolean() ? ServiceProtocol.TCP : ServiceProtocol.UDP;
      int first = 80 + random.nextInt(3);
      ports.add(
          switch (random.nextInt(6)) {
            case 0 -> PolicyPort.all(protocol);
            case 1 -> PolicyPort.named(protocol, protocol == ServiceProtocol.TCP ? "web" : "dns");
            case 2 -> new PolicyPort(protocol, first, first + 1, "");
            default -> new PolicyPort(protocol, first, first, "");
          });
    }
    return ports.build();
  }
}
