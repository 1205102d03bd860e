package dev.packetpath.kubernetes.manifest;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.policy.LabelSelector;
import dev.packetpath.kubernetes.policy.NetworkPolicy;
import dev.packetpath.kubernetes.policy.PodSelector;
import dev.packetpath.kubernetes.policy.PolicyPeer;
import dev.packetpath.kubernetes.policy.PolicyPort;
import dev.packetpath.kubernetes.policy.PolicyRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads NetworkPolicies. */
final class NetworkPolicyManifest {
  private static final String INGRESS = "Ingress";
  private static final String EGRESS = "Egress";

  private final ManifestObject object;

  private NetworkPolicyManifest(ManifestObject object) {
    this.object = object;
  }

  static NetworkPolicy read(ManifestObject object) {
    NetworkPolicySpec spec =
        object.as(io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy.class).getSpec();
    if (spec == null) {
      throw object.error("spec", "nothing", "the Pods and what they may receive and send");
    }
    return new NetworkPolicyManifest(object).read(spec);
  }

  private NetworkPolicy read(NetworkPolicySpec spec) {
    List<String> types = Fields.orEmpty(spec.getPolicyTypes());
    for (int i = 0; i < types.size(); i++) {
      if (!types.get(i).equals(INGRESS) && !types.get(i).equals(EGRESS)) {
        throw object.error(
            "spec.policyTypes[" + i + "]", "\"" + types.get(i) + "\"", "Ingress or Egress");
      }
    }
    List<NetworkPolicyIngressRule> ingress = Fields.orEmpty(spec.getIngress());
    List<NetworkPolicyEgressRule> egress = Fields.orEmpty(spec.getEgress());
    ImmutableList.Builder<PolicyRule> received = ImmutableList.builder();
    for (int i = 0; i < ingress.size(); i++) {
      String path = "spec.ingress[" + i + "]";
      received.add(
          new PolicyRule(
              peers(path + ".from", ingress.get(i).getFrom()),
              ports(path + ".ports", ingress.get(i).getPorts())));
    }
    ImmutableList.Builder<PolicyRule> sent = ImmutableList.builder();
    for (int i = 0; i < egress.size(); i++) {
      String path = "spec.egress[" + i + "]";
      sent.add(
          new PolicyRule(
              peers(path + ".to", egress.get(i).getTo()),
              ports(path + ".ports", egress.get(i).getPorts())));
    }
    boolean isAboutIngress = types.isEmpty() || types.contains(INGRESS);
    boolean isAboutEgress = types.isEmpty() ? !egress.isEmpty() : types.contains(EGRESS);
    return new NetworkPolicy(
        object.namespace(),
        object.name(),
        Selectors.read(object, "spec.podSelector", spec.getPodSelector()),
        isAboutIngress ? Optional.of(received.build()) : Optional.empty(),
        isAboutEgress ? Optional.of(sent.build()) : Optional.empty());
  }

  private ImmutableList<PolicyPeer> peers(String path, @Nullable List<NetworkPolicyPeer> peers) {
    ImmutableList.Builder<PolicyPeer> read = ImmutableList.builder();
    List<NetworkPolicyPeer> written = Fields.orEmpty(peers);
    for (int i = 0; i < written.size(); i++) {
      read.add(peer(path + "[" + i + "]", written.get(i)));
    }
    return read.build();
  }

  private PolicyPeer peer(String path, NetworkPolicyPeer peer) {
    boolean selects = peer.getPodSelector() != null || peer.getNamespaceSelector() != null;
    if (selects == (peer.getIpBlock() != null)) {
      throw object.error(
          path,
          selects ? "selectors and an ipBlock" : "nothing",
          "podSelector and namespaceSelector, or one of them, or ipBlock");
    }
    if (!selects) {
      return block(path + ".ipBlock", peer.getIpBlock());
    }
    LabelSelector pods = Selectors.read(object, path + ".podSelector", peer.getPodSelector());
    return new PolicyPeer.Pods(
        peer.getNamespaceSelector() == null
            ? PodSelector.in(object.namespace(), pods)
            : new PodSelector(
                Selectors.read(object, path + ".namespaceSelector", peer.getNamespaceSelector()),
                pods));
  }

  private PolicyPeer block(String path, IPBlock block) {
    IpPrefix cidr = Fields.prefix(object, path + ".cidr", block.getCidr());
    ImmutableList.Builder<IpPrefix> except = ImmutableList.builder();
    List<String> written = Fields.orEmpty(block.getExcept());
    for (int i = 0; i < written.size(); i++) {
      String at = path + ".except[" + i + "]";
      IpPrefix part = Fields.prefix(object, at, written.get(i));
      if (!PolicyPeer.Block.isPart(part, cidr)) {
        throw object.error(at, part, "a part of " + cidr);
      }
      except.add(part);
    }
    return new PolicyPeer.Block(cidr, except.build());
  }

  private ImmutableList<PolicyPort> ports(String path, @Nullable List<NetworkPolicyPort> ports) {
    ImmutableList.Builder<PolicyPort> read = ImmutableList.builder();
    List<NetworkPolicyPort> written = Fields.orEmpty(ports);
    for (int i = 0; i < written.size(); i++) {
      read.add(port(path + "[" + i + "]", written.get(i)));
    }
    return read.build();
  }

  private PolicyPort port(String path, NetworkPolicyPort written) {
    ServiceProtocol protocol = Fields.protocol(object, path + ".protocol", written.getProtocol());
    IntOrString port = written.getPort();
    Integer last = written.getEndPort();
    String name = port == null || port.getStrVal() == null ? "" : port.getStrVal();
    if (last != null && (port == null || !name.isEmpty())) {
      throw object.error(path + ".endPort", last, "an endPort beside the number of a port only");
    }
    if (port == null) {
      return PolicyPort.all(protocol);
    }
    if (!name.isEmpty()) {
      return PolicyPort.named(protocol, name);
    }
    int first = Fields.port(object, path + ".port", port.getIntVal());
    int end = last == null ? first : Fields.port(object, path + ".endPort", last);
    if (end < first) {
      throw object.error(path + ".endPort", end, "at least " + first);
    }
    return new PolicyPort(protocol, first, end, "");
  }
}
