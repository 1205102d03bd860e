package dev.packetpath.compare.work;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.match.PortRange;
import dev.packetpath.iptables.match.TcpMatch;
import dev.packetpath.ipvs.ServiceEntry;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.nftables.Expression;
import dev.packetpath.nftables.NftSet;
import dev.packetpath.nftables.Statement;
import dev.packetpath.node.NodeSnapshot;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What kube-proxy programmed on a node, read back: its mode, its layout and the TCP addresses of
 * Services inside the cluster.
 *
 * @param mode kube-proxy's mode
 * @param version a release with the layout of the rules
 * @param calico whether Calico's chains are there
 * @param destinations the Services' addresses and ports
 */
record NodeServices(
    ProxyMode mode, KubeVersion version, boolean calico, ImmutableSet<Destination> destinations) {
  private static final String SERVICES = "KUBE-SERVICES";
  private static final String SERVICE_CHAINS = "KUBE-SV";
  private static final String MARK = "KUBE-MARK-MASQ";
  private static final String DEVICE = "kube-ipvs0";
  private static final KubeVersion OLD = new KubeVersion(20);

  /**
   * Reads a node.
   *
   * @throws IllegalArgumentException if there is nothing of kube-proxy's
   */
  static NodeServices of(NodeSnapshot snapshot, IpFamily family) {
    Optional<Chain> services =
        chains(snapshot, family).stream()
            .filter(chain -> chain.name().equals(SERVICES))
            .findFirst();
    boolean calico =
        chains(snapshot, family).stream().anyMatch(chain -> chain.name().startsWith("cali-"));
    Set<Destination> found = virtual(snapshot, family);
    if (!found.isEmpty()) {
      return with(ProxyMode.IPVS, KubeVersion.CURRENT, calico, found);
    }
    found = mapped(snapshot, family);
    if (!found.isEmpty()) {
      return with(ProxyMode.NFTABLES, KubeVersion.CURRENT, calico, found);
    }
    found = services.map(NodeServices::ruled).orElseGet(Set::of);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "the node has no Service of kube-proxy with a TCP port and endpoints, neither in chain "
              + SERVICES
              + " nor as virtual services on "
              + DEVICE
              + " nor in map service-ips");
    }
    boolean old =
        services.orElseThrow().rules().stream()
            .anyMatch(
                rule -> rule.action() instanceof RuleAction.Jump jump && jump.chain().equals(MARK));
    return with(ProxyMode.IPTABLES, old ? OLD : KubeVersion.CURRENT, calico, found);
  }

  private static NodeServices with(
      ProxyMode mode, KubeVersion version, boolean calico, Set<Destination> found) {
    return new NodeServices(mode, version, calico, ImmutableSet.copyOf(found));
  }

  private static List<Chain> chains(NodeSnapshot snapshot, IpFamily family) {
    return snapshot
        .ruleset(family)
        .flatMap(rules -> rules.table(TableName.NAT))
        .<List<Chain>>map(nat -> nat.chains())
        .orElseGet(List::of);
  }

  private static Set<Destination> ruled(Chain services) {
    Set<Destination> found = new LinkedHashSet<>();
    for (Rule rule : services.rules()) {
      HeaderMatch header = rule.header();
      IpAddress address = header.destination().address();
      if (rule.action() instanceof RuleAction.Jump jump
          && jump.chain().startsWith(SERVICE_CHAINS)
          && header.protocol() == IpProtocol.TCP
          && header.destination().prefixLength() == address.family().bits()) {
        rule.matches().stream()
            .flatMapToInt(NodeServices::port)
            .forEach(port -> found.add(new Destination(address, port)));
      }
    }
    return found;
  }

  private static IntStream port(Match match) {
    if (match instanceof TcpMatch tcp) {
      PortRange ports = tcp.destination();
      if (ports.first() == ports.last() && !ports.inverted()) {
        return IntStream.of(ports.first());
      }
    }
    return IntStream.empty();
  }

  private static Set<Destination> virtual(NodeSnapshot snapshot, IpFamily family) {
    Set<Destination> found = new LinkedHashSet<>();
    Device device = snapshot.network().device(DEVICE);
    for (ServiceEntry entry : snapshot.virtualServices().orElseGet(ImmutableList::of)) {
      if (entry.service().key() instanceof ServiceKey.Virtual virtual
          && virtual.protocol() == IpProtocol.TCP
          && virtual.family() == family
          && virtual.port() != 0
          && !entry.servers().isEmpty()
          && device.exists()
          && snapshot.network().addressType(virtual.address(), device) == AddressType.LOCAL) {
        found.add(new Destination(virtual.address(), virtual.port()));
      }
    }
    return found;
  }

  private static Set<Destination> mapped(NodeSnapshot snapshot, IpFamily family) {
    Set<Destination> found = new LinkedHashSet<>();
    snapshot.nftTables().stream()
        .filter(table -> table.family() == family)
        .flatMap(table -> table.sets().stream())
        .filter(set -> set.name().equals("service-ips"))
        .map(NftSet::cases)
        .flatMap(List::stream)
        .map(Statement.Case::key)
        .forEach(key -> destination(key).ifPresent(found::add));
    return found;
  }

  private static Optional<Destination> destination(Expression key) {
    if (key instanceof Expression.Concat concat
        && concat.parts().size() == 3
        && concat.parts().get(0) instanceof Expression.Word address
        && concat.parts().get(1) instanceof Expression.Word protocol
        && concat.parts().get(2) instanceof Expression.Count port
        && protocol.text().equals("tcp")
        && IpAddress.isAddress(address.text())) {
      return Optional.of(
          new Destination(IpAddress.parse(address.text()), Math.toIntExact(port.value())));
    }
    return Optional.empty();
  }
}
