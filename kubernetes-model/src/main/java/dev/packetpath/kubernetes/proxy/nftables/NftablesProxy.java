package dev.packetpath.kubernetes.proxy.nftables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.nftables.ChainVerdict;
import dev.packetpath.nftables.Expression;
import dev.packetpath.nftables.NftChain;
import dev.packetpath.nftables.NftRule;
import dev.packetpath.nftables.NftSet;
import dev.packetpath.nftables.NftTable;
import dev.packetpath.nftables.Statement;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * kube-proxy in nftables mode on one node and family: a table whose maps lead from addresses to
 * chains, so that the rules that a packet meets do not depend on the Services.
 *
 * <p>Source: kubernetes pkg/proxy/nftables/proxier.go.
 */
public final class NftablesProxy {
  private static final int MASQUERADE_MARK = 0x4000;
  private static final int DNAT = -100;
  private static final int SNAT = 100;
  private static final int BEFORE_DNAT = -110;
  private static final int AFTER_DNAT = -90;
  private static final int FILTER = 0;

  /** The first release whose filter chains stand behind the translation. */
  private static final int FILTER_BEHIND_DNAT = 34;

  private final ProxyNode node;
  private final Nft nft;
  private final ImmutableList<ServicePlan> plans;

  private NftablesProxy(ProxyNode node) {
    this.node = node;
    this.nft = new Nft(node.family());
    this.plans =
        node.ports().stream()
            .map(port -> new ServicePlan(nft, node, port))
            .collect(ImmutableList.toImmutableList());
  }

  /** Returns the kube-proxy of a node. */
  public static NftablesProxy of(ProxyNode node) {
    return new NftablesProxy(node);
  }

  /** Returns the table. */
  public NftTable table() {
    return new NftTable(node.family(), "kube-proxy", sets(), chains());
  }

  /** Returns the own chains of some Services. */
  public ImmutableList<NftChain> chainsOf(Predicate<Service> which) {
    ImmutableList.Builder<NftChain> chains = ImmutableList.builder();
    plansOf(which).forEach(plan -> plan.addChains(chains));
    return chains.build();
  }

  /** Returns the own sets of some Services: those that keep clients with their endpoints. */
  public ImmutableList<NftSet> setsOf(Predicate<Service> which) {
    ImmutableList.Builder<NftSet> sets = ImmutableList.builder();
    plansOf(which).forEach(plan -> plan.addAffinitySets(sets));
    return sets.build();
  }

  private Stream<ServicePlan> plansOf(Predicate<Service> which) {
    return plans.stream().filter(plan -> which.test(plan.port().service()));
  }

  private ImmutableList<NftSet> sets() {
    ImmutableList.Builder<NftSet> sets = ImmutableList.builder();
    Set<IpAddress> clusterIps = new LinkedHashSet<>();
    plans.forEach(plan -> clusterIps.add(plan.port().clusterIp()));
    sets.add(addresses(NftNames.CLUSTER_IPS, clusterIps));
    if (!node.nodePortsEverywhere()) {
      sets.add(addresses(NftNames.NODE_PORT_IPS, node.nodePortIps()));
    }
    ImmutableList<String> service =
        ImmutableList.of(nft.addressType(), "inet_proto", "inet_service");
    ImmutableList<String> nodePort = ImmutableList.of("inet_proto", "inet_service");
    sets.add(map(NftNames.NO_ENDPOINT_SERVICES, service, ServicePlan::addNoEndpointServices));
    sets.add(map(NftNames.NO_ENDPOINT_NODE_PORTS, nodePort, ServicePlan::addNoEndpointNodePorts));
    sets.add(map(NftNames.FIREWALL_IPS, service, ServicePlan::addFirewalls));
    sets.add(map(NftNames.SERVICE_IPS, service, ServicePlan::addServiceIps));
    sets.add(map(NftNames.SERVICE_NODE_PORTS, nodePort, ServicePlan::addNodePorts));
    plans.forEach(plan -> plan.addAffinitySets(sets));
    return sets.build();
  }

  private NftSet addresses(String name, Iterable<IpAddress> addresses) {
    ImmutableList.Builder<Expression> elements = ImmutableList.builder();
    addresses.forEach(address -> elements.add(Nft.word(address)));
    return NftSet.set(name, nft.addressType(), elements.build());
  }

  private NftSet map(
      String name,
      ImmutableList<String> keyTypes,
      BiConsumer<ServicePlan, ImmutableList.Builder<Statement.Case>> add) {
    ImmutableList.Builder<Statement.Case> cases = ImmutableList.builder();
    plans.forEach(plan -> add.accept(plan, cases));
    return NftSet.map(name, keyTypes, lastOfEachKey(cases.build()));
  }

  /**
   * Returns the cases without those whose key comes again: of Services that share an external
   * address and port the last one has it (nftElementStorage.ensureElem).
   */
  private static ImmutableList<Statement.Case> lastOfEachKey(ImmutableList<Statement.Case> cases) {
    Map<Expression, Statement.Case> byKey = new LinkedHashMap<>();
    cases.forEach(entry -> byKey.put(entry.key(), entry));
    return ImmutableList.copyOf(byKey.values());
  }

  private ImmutableList<NftChain> chains() {
    ImmutableList.Builder<NftChain> chains = ImmutableList.builder();
    addFilterBase(chains);
    NftRule services = NftRule.of(Nft.jump(NftNames.SERVICES));
    chains.add(base("nat-prerouting", "nat", Hook.PREROUTING, DNAT, services));
    chains.add(base("nat-output", "nat", Hook.OUTPUT, DNAT, services));
    chains.add(
        base(
            "nat-postrouting",
            "nat",
            Hook.POSTROUTING,
            SNAT,
            NftRule.of(Nft.jump(NftNames.MASQUERADING))));
    chains.add(chain(NftNames.CLUSTER_IPS_CHECK, clusterIpsCheck()));
    chains.add(chain(NftNames.FIREWALL_CHECK, byMap(nft.serviceKey(), NftNames.FIREWALL_IPS)));
    chains.add(
        chain(
            NftNames.MARK_MASQUERADE,
            NftRule.of(new Statement.SetMark(Expression.Operator.OR, MASQUERADE_MARK))));
    chains.add(chain(NftNames.MASQUERADING, masquerading()));
    chains.add(chain(NftNames.NODE_PORT_ENDPOINTS_CHECK, nodePortEndpointsCheck()));
    chains.add(chain(NftNames.REJECT, NftRule.of(new Statement.Reject())));
    chains.add(
        chain(
            NftNames.SERVICE_ENDPOINTS_CHECK,
            byMap(nft.serviceKey(), NftNames.NO_ENDPOINT_SERVICES)));
    chains.add(
        chain(
            NftNames.SERVICES,
            byMap(nft.serviceKey(), NftNames.SERVICE_IPS),
            nodePorts(NftNames.SERVICE_NODE_PORTS, true)));
    plans.forEach(plan -> plan.addChains(chains));
    return chains.build();
  }

  private void addFilterBase(ImmutableList.Builder<NftChain> chains) {
    boolean behind = node.config().version().atLeast(FILTER_BEHIND_DNAT);
    int priority = behind ? FILTER : BEFORE_DNAT;
    NftRule services = Nft.onlyNew(NftNames.SERVICE_ENDPOINTS_CHECK);
    NftRule clusterIps = Nft.onlyNew(NftNames.CLUSTER_IPS_CHECK);
    NftRule firewall = Nft.onlyNew(NftNames.FIREWALL_CHECK);
    NftRule nodePorts = Nft.onlyNew(NftNames.NODE_PORT_ENDPOINTS_CHECK);
    chains.add(base("filter-input", "filter", Hook.INPUT, priority, nodePorts, services));
    chains.add(base("filter-forward", "filter", Hook.FORWARD, priority, services, clusterIps));
    if (behind) {
      chains.add(base("filter-output", "filter", Hook.OUTPUT, priority, services, clusterIps));
      chains.add(
          base("filter-prerouting-pre-dnat", "filter", Hook.PREROUTING, BEFORE_DNAT, firewall));
      chains.add(base("filter-output-pre-dnat", "filter", Hook.OUTPUT, BEFORE_DNAT, firewall));
    } else {
      chains.add(base("filter-output", "filter", Hook.OUTPUT, priority, services, firewall));
      chains.add(base("filter-prerouting", "filter", Hook.PREROUTING, priority, firewall));
      chains.add(base("filter-output-post-dnat", "filter", Hook.OUTPUT, AFTER_DNAT, clusterIps));
    }
  }

  private static NftChain base(
      String name, String type, Hook hook, int priority, NftRule... rules) {
    ImmutableList<NftRule> all = ImmutableList.copyOf(rules);
    return new NftChain(name, Optional.of(new NftChain.Base(type, hook, priority)), () -> all);
  }

  private static NftChain chain(String name, NftRule... rules) {
    ImmutableList<NftRule> all = ImmutableList.copyOf(rules);
    return NftChain.of(name, () -> all);
  }

  private static NftRule byMap(Expression key, String map) {
    return NftRule.of(new Statement.VerdictByMap(key, map));
  }

  private NftRule[] clusterIpsCheck() {
    Statement isActive = Nft.equal(nft.destination(), new Expression.InSet(NftNames.CLUSTER_IPS));
    NftRule reject =
        new NftRule(
            ImmutableList.of(isActive, new Statement.Reject()),
            "Reject traffic to invalid ports of ClusterIPs");
    List<IpPrefix> serviceCidrs =
        node.cluster().serviceCidrs().stream()
            .filter(prefix -> prefix.family() == node.family())
            .toList();
    if (serviceCidrs.isEmpty()) {
      return new NftRule[] {reject};
    }
    Statement isServiceAddress = Nft.equal(nft.destination(), Nft.oneOf(serviceCidrs));
    return new NftRule[] {
      reject,
      new NftRule(
          ImmutableList.of(isServiceAddress, Nft.drop()), "Drop traffic to unallocated ClusterIPs")
    };
  }

  private static NftRule[] masquerading() {
    Expression mark =
        new Expression.Bitwise(
            Expression.Operator.AND, new Expression.Meta("mark"), MASQUERADE_MARK);
    return new NftRule[] {
      NftRule.of(
          Nft.equal(mark, new Expression.Count(0)),
          new Statement.Conclude(new ChainVerdict.Return())),
      NftRule.of(new Statement.SetMark(Expression.Operator.XOR, MASQUERADE_MARK)),
      NftRule.of(new Statement.Masquerade(true))
    };
  }

  private NftRule nodePortEndpointsCheck() {
    return nodePorts(NftNames.NO_ENDPOINT_NODE_PORTS, false);
  }

  private NftRule nodePorts(String map, boolean anywhere) {
    ImmutableList.Builder<Statement> statements = ImmutableList.builder();
    if (node.nodePortsEverywhere()) {
      if (anywhere) {
        statements.add(Nft.isLocal("daddr"));
      }
      IpPrefix loopback =
          IpPrefix.parse(node.family() == IpFamily.IPV4 ? "127.0.0.0/8" : "::1/128");
      statements.add(Nft.notEqual(nft.destination(), Nft.range(loopback)));
    } else {
      statements.add(Nft.equal(nft.destination(), new Expression.InSet(NftNames.NODE_PORT_IPS)));
    }
    return new NftRule(
        statements.add(new Statement.VerdictByMap(nft.nodePortKey(), map)).build(), "");
  }
}
