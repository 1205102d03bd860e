package dev.packetpath.kubernetes.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.calico.CalicoDataplane;
import dev.packetpath.kubernetes.calico.CalicoNames;
import dev.packetpath.kubernetes.network.Link;
import dev.packetpath.kubernetes.network.NetworkJson;
import dev.packetpath.kubernetes.network.NodeNetwork;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.kubernetes.proxy.iptables.IptablesProxy;
import dev.packetpath.kubernetes.proxy.ipvs.IpvsProxy;
import dev.packetpath.kubernetes.proxy.ipvs.VirtualServer;
import dev.packetpath.kubernetes.proxy.nftables.NftablesProxy;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.proxy.userspace.UserspaceProxy;
import dev.packetpath.kubernetes.text.RulesetText;
import dev.packetpath.kubernetes.text.SetText;
import dev.packetpath.nftables.NftJsonWriter;
import dev.packetpath.nftables.NftTable;
import dev.packetpath.nftables.NftText;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the files of one node's snapshot. */
final class ProgramFiles {
  private final Cluster cluster;
  private final ClusterNode node;
  private final ProxyConfig config;
  private final Optional<ImmutableList<CalicoPolicy>> calico;
  private final NodeNetwork network;
  private final List<SetText> sets = new ArrayList<>();
  private final List<VirtualServer> servers = new ArrayList<>();
  private final List<NftTable> tables = new ArrayList<>();
  private final List<Traversal> traversals = new ArrayList<>();
  private final ImmutableList.Builder<NodeFile> files = ImmutableList.builder();

  /** Counts the rules that connections of one family meet. */
  @FunctionalInterface
  private interface Traversal {
    RulesTraversed count(IpAddress pod, String device);
  }

  ProgramFiles(
      Cluster cluster,
      ClusterNode node,
      ProxyConfig config,
      Optional<ImmutableList<CalicoPolicy>> calico) {
    this.cluster = cluster;
    this.node = node;
    this.config = config;
    this.calico = calico;
    this.network =
        calico.isPresent()
            ? NodeNetwork.routed(cluster, node, CalicoNames::device)
            : NodeNetwork.bridged(cluster, node);
  }

  /**
   * Returns how many rules new connections from a Pod of the node to Services meet, kube-proxy's
   * alone.
   */
  RulesTraversed rulesTraversed() {
    RulesTraversed all = RulesTraversed.NONE;
    int index = 0;
    for (IpFamily family : network.families()) {
      Traversal traversal = traversals.get(index++);
      Optional<IpPrefix> podCidr =
          node.podCidrs().stream().filter(prefix -> prefix.family() == family).findFirst();
      if (podCidr.isPresent()) {
        all = all.and(traversal.count(lastButOne(podCidr.get()), Link.BRIDGE));
      }
    }
    return all;
  }

  RulesTraversed calicoRulesTraversed() {
    return calico
        .map(policies -> new CalicoTraversal(cluster, node, config, policies).result())
        .orElse(RulesTraversed.NONE);
  }

  /** Returns the last address before the broadcast address, where no Pod is in small clusters. */
  private static IpAddress lastButOne(IpPrefix podCidr) {
    IpAddress first = podCidr.address();
    int hostBits = Math.min(Long.SIZE - 2, podCidr.family().bits() - podCidr.length());
    return new IpAddress(first.family(), first.high(), first.low() | (1L << hostBits) - 2);
  }

  ImmutableList<NodeFile> make() {
    LinkedHashSet<IpAddress> bound = new LinkedHashSet<>();
    ServiceKinds kinds = new ServiceKinds(cluster, node, config);
    for (ProxyNode proxy : network.proxies(config)) {
      IpFamily family = proxy.family();
      boolean ipv4 = family == IpFamily.IPV4;
      RulesetText rules = new RulesetText(family);
      switch (config.mode()) {
        case IPTABLES -> {
          IptablesProxy iptables = IptablesProxy.of(proxy);
          iptables.addTo(rules);
          traversals.add(iptables::rulesTraversed);
        }
        case IPVS -> {
          traversals.add((pod, device) -> kinds.rulesTraversed(proxy, pod, device));
          IpvsProxy ipvs = IpvsProxy.program(proxy, rules);
          sets.addAll(ipvs.sets());
          servers.addAll(ipvs.servers());
          bound.addAll(ipvs.boundAddresses());
        }
        case NFTABLES -> {
          traversals.add((pod, device) -> kinds.rulesTraversed(proxy, pod, device));
          tables.add(NftablesProxy.of(proxy).table());
        }
        case USERSPACE -> {
          UserspaceProxy userspace = UserspaceProxy.of(proxy);
          userspace.addTo(rules);
          traversals.add((pod, device) -> userspace.rulesTraversed());
        }
      }
      calico.ifPresent(
          policies -> sets.addAll(CalicoDataplane.program(cluster, node, policies, rules)));
      if (!rules.isEmpty()) {
        add(ipv4 ? "iptables-save.txt" : "ip6tables-save.txt", rules::writeTo);
      }
      add(
          ipv4 ? "routes.json" : "routes6.json",
          out -> NetworkJson.writeRoutes(network.routes(family), out));
    }
    if (config.mode() == ProxyMode.IPVS) {
      network.addDummy(IpvsProxy.DEVICE, ImmutableList.copyOf(bound));
      servers.sort(VirtualServer.LISTED);
      add("ipvsadm-save.txt", this::writeServers);
    }
    if (config.mode() == ProxyMode.NFTABLES) {
      add("nft-ruleset.json", out -> NftJsonWriter.write(tables, out));
      add("nft-ruleset.nft", out -> NftText.write(tables, out));
    }
    if (!sets.isEmpty()) {
      add("ipset-save.txt", this::writeSets);
    }
    add("addresses.json", out -> NetworkJson.writeAddresses(network.links(), out));
    add("sysctl.txt", this::writeSysctls);
    return files.build();
  }

  private void add(String name, NodeFile.Content content) {
    files.add(new NodeFile(name, content));
  }

  private void writeServers(Writer out) throws IOException {
    for (VirtualServer server : servers) {
      server.writeTo(out);
    }
  }

  private void writeSets(Writer out) throws IOException {
    for (SetText set : sets) {
      set.writeTo(out);
    }
  }

  private void writeSysctls(Writer out) throws IOException {
    for (Map.Entry<String, String> sysctl : NodeSysctls.of(config).entrySet()) {
      out.write(sysctl.getKey() + " = " + sysctl.getValue() + "\n");
    }
  }
}
