package dev.packetpath.kubernetes.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.calico.CalicoDataplane;
import dev.packetpath.kubernetes.calico.CalicoNames;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
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
  private final ImmutableList.Builder<NodeFile> files = ImmutableList.builder();

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

  ImmutableList<NodeFile> make() {
    LinkedHashSet<IpAddress> bound = new LinkedHashSet<>();
    for (IpFamily family : network.families()) {
      boolean ipv4 = family == IpFamily.IPV4;
      RulesetText rules = new RulesetText(family);
      ProxyNode proxy = new ProxyNode(cluster, node, family, network.addresses(family), config);
      switch (config.mode()) {
        case IPTABLES -> IptablesProxy.program(proxy, rules);
        case IPVS -> {
          IpvsProxy ipvs = IpvsProxy.program(proxy, rules);
          sets.addAll(ipvs.sets());
          servers.addAll(ipvs.servers());
          bound.addAll(ipvs.boundAddresses());
        }
        case NFTABLES -> tables.add(NftablesProxy.program(proxy));
        case USERSPACE -> UserspaceProxy.program(proxy, rules);
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
