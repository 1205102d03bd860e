package dev.packetpath.kubernetes.proxy.nftables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.proxy.select.EndpointSelection;
import dev.packetpath.kubernetes.proxy.select.LocalDetector;
import dev.packetpath.kubernetes.proxy.select.ProxiedPort;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.nftables.ChainVerdict;
import dev.packetpath.nftables.Expression;
import dev.packetpath.nftables.NftChain;
import dev.packetpath.nftables.NftRule;
import dev.packetpath.nftables.NftSet;
import dev.packetpath.nftables.Statement;
import java.util.List;

/** The chains of one port, and what leads to them. */
final class ServicePlan {
  /** From this release on, the test for outsiders names no port: nothing else comes there. */
  private static final int WITHOUT_PORT = 34;

  private final Nft nft;
  private final ProxyNode node;
  private final ProxiedPort port;
  private final EndpointSelection endpoints;
  private final String name;

  ServicePlan(Nft nft, ProxyNode node, ProxiedPort port) {
    this.nft = nft;
    this.node = node;
    this.port = port;
    this.endpoints = node.select(port);
    this.name = NftNames.of(port);
  }

  ProxiedPort port() {
    return port;
  }

  private boolean hasInternal() {
    return endpoints.hasAny() && !(port.isInternallyLocal() && endpoints.local().isEmpty());
  }

  private boolean hasExternal() {
    return endpoints.hasAny() && !(port.isExternallyLocal() && endpoints.local().isEmpty());
  }

  private boolean hasFirewall() {
    return !port.loadBalancerIps().isEmpty() && !port.sourceRanges().isEmpty();
  }

  private String internalChain() {
    return (port.isInternallyLocal() ? NftNames.LOCAL : NftNames.SERVICE) + name;
  }

  private ChainVerdict refusal() {
    return endpoints.hasAny() ? new ChainVerdict.Drop() : new ChainVerdict.GoTo(NftNames.REJECT);
  }

  private Iterable<IpAddress> externalAddresses() {
    return Iterables.concat(port.externalIps(), port.loadBalancerIps());
  }

  private Statement.Case at(IpAddress address, ChainVerdict verdict) {
    return Nft.at(address, port.protocol(), port.port().port(), verdict);
  }

  void addServiceIps(ImmutableList.Builder<Statement.Case> map) {
    if (hasInternal()) {
      map.add(at(port.clusterIp(), new ChainVerdict.GoTo(internalChain())));
    }
    if (endpoints.hasAny()) {
      for (IpAddress address : externalAddresses()) {
        map.add(at(address, new ChainVerdict.GoTo(NftNames.EXTERNAL + name)));
      }
    }
  }

  void addNoEndpointServices(ImmutableList.Builder<Statement.Case> map) {
    if (!hasInternal()) {
      map.add(at(port.clusterIp(), refusal()));
    }
    if (!hasExternal()) {
      externalAddresses().forEach(address -> map.add(at(address, refusal())));
    }
  }

  void addNodePorts(ImmutableList.Builder<Statement.Case> map) {
    if (port.port().nodePort() != 0 && endpoints.hasAny()) {
      map.add(
          Nft.at(
              port.protocol(),
              port.port().nodePort(),
              new ChainVerdict.GoTo(NftNames.EXTERNAL + name)));
    }
  }

  void addNoEndpointNodePorts(ImmutableList.Builder<Statement.Case> map) {
    if (port.port().nodePort() != 0 && !hasExternal()) {
      map.add(Nft.at(port.protocol(), port.port().nodePort(), refusal()));
    }
  }

  void addFirewalls(ImmutableList.Builder<Statement.Case> map) {
    if (hasFirewall()) {
      for (IpAddress address : port.loadBalancerIps()) {
        map.add(at(address, new ChainVerdict.GoTo(NftNames.FIREWALL + name)));
      }
    }
  }

  void addAffinitySets(ImmutableList.Builder<NftSet> sets) {
    if (port.service().affinitySeconds() != Service.NO_AFFINITY) {
      for (Endpoint endpoint : endpoints.reachable()) {
        sets.add(
            NftSet.dynamic(
                NftNames.AFFINITY + NftNames.of(port, endpoint),
                nft.addressType(),
                port.service().affinitySeconds()));
      }
    }
  }

  void addChains(ImmutableList.Builder<NftChain> chains) {
    if (hasFirewall()) {
      chains.add(NftChain.of(NftNames.FIREWALL + name, this::firewall));
    }
    if (endpoints.hasAny() && port.isExternallyAccessible()) {
      chains.add(NftChain.of(NftNames.EXTERNAL + name, this::external));
    }
    if (!endpoints.cluster().isEmpty()) {
      addPolicy(chains, NftNames.SERVICE + name, endpoints.cluster());
    }
    if (!endpoints.local().isEmpty()) {
      addPolicy(chains, NftNames.LOCAL + name, endpoints.local());
    }
    for (Endpoint endpoint : endpoints.reachable()) {
      chains.add(
          NftChain.of(
              NftNames.ENDPOINT + NftNames.of(port, endpoint), () -> endpointRules(endpoint)));
    }
  }

  private ImmutableList<NftRule> external() {
    ImmutableList.Builder<NftRule> rules = ImmutableList.builder();
    Statement masquerade = Nft.jump(NftNames.MARK_MASQUERADE);
    if (!port.isExternallyLocal()) {
      rules.add(NftRule.of(masquerade));
    } else {
      Statement anywhere = Nft.goTo(NftNames.SERVICE + name);
      LocalDetector detector = node.localDetector();
      if (detector.isImplemented()) {
        rules.add(NftRule.of(isPod(detector, true), anywhere));
      }
      rules.add(NftRule.of(Nft.isLocal("saddr"), masquerade));
      rules.add(NftRule.of(Nft.isLocal("saddr"), anywhere));
    }
    if (hasExternal()) {
      String prefix = port.isExternallyLocal() ? NftNames.LOCAL : NftNames.SERVICE;
      rules.add(NftRule.of(Nft.goTo(prefix + name)));
    }
    return rules.build();
  }

  private Statement isPod(LocalDetector detector, boolean expected) {
    Expression what;
    Expression pods;
    if (detector instanceof LocalDetector.BySource bySource) {
      what = nft.source();
      pods = Nft.range(bySource.podCidr());
    } else if (detector instanceof LocalDetector.ByDevice byDevice) {
      what = new Expression.Meta("iifname");
      pods = Nft.word(byDevice.device().replace('+', '*'));
    } else {
      throw new AssertionError(detector);
    }
    return expected ? Nft.equal(what, pods) : Nft.notEqual(what, pods);
  }

  private ImmutableList<NftRule> firewall() {
    ImmutableList.Builder<IpPrefix> allowed = ImmutableList.builder();
    allowed.addAll(port.sourceRanges());
    boolean nodeAllowed =
        port.sourceRanges().stream()
            .anyMatch(range -> node.primaryAddresses().stream().anyMatch(range::contains));
    if (nodeAllowed) {
      port.loadBalancerIps().forEach(address -> allowed.add(IpPrefix.host(address)));
    }
    return ImmutableList.of(
        NftRule.of(Nft.notEqual(nft.source(), Nft.oneOf(allowed.build())), Nft.drop()));
  }

  private void addPolicy(
      ImmutableList.Builder<NftChain> chains, String chain, ImmutableList<Endpoint> targets) {
    chains.add(
        NftChain.of(
            chain,
            () -> {
              ImmutableList.Builder<NftRule> rules = ImmutableList.builder();
              if (hasInternal() && chain.equals(internalChain())) {
                addMasqueradeOfOutsiders(rules);
              }
              addChoice(rules, targets);
              return rules.build();
            }));
  }

  private void addMasqueradeOfOutsiders(ImmutableList.Builder<NftRule> rules) {
    LocalDetector detector = node.localDetector();
    boolean all = node.config().masqueradeAll();
    if (!all && !detector.isImplemented()) {
      return;
    }
    ImmutableList.Builder<Statement> rule = ImmutableList.builder();
    rule.add(Nft.equal(nft.destination(), Nft.word(port.clusterIp())));
    if (!node.config().version().atLeast(WITHOUT_PORT)) {
      rule.add(
          Nft.equal(
              new Expression.Payload(port.protocol().toString(), "dport"),
              new Expression.Count(port.port().port())));
    }
    if (!all) {
      rule.add(isPod(detector, false));
    }
    rules.add(new NftRule(rule.add(Nft.jump(NftNames.MARK_MASQUERADE)).build(), ""));
  }

  private void addChoice(ImmutableList.Builder<NftRule> rules, List<Endpoint> targets) {
    if (port.service().affinitySeconds() != Service.NO_AFFINITY) {
      for (Endpoint target : targets) {
        String at = NftNames.of(port, target);
        rules.add(
            NftRule.of(
                Nft.equal(nft.source(), new Expression.InSet(NftNames.AFFINITY + at)),
                Nft.goTo(NftNames.ENDPOINT + at)));
      }
    }
    ImmutableList.Builder<Statement.Case> cases = ImmutableList.builder();
    for (int i = 0; i < targets.size(); i++) {
      String chain = NftNames.ENDPOINT + NftNames.of(port, targets.get(i));
      cases.add(new Statement.Case(new Expression.Count(i), new ChainVerdict.GoTo(chain)));
    }
    rules.add(
        NftRule.of(
            new Statement.VerdictByCase(new Expression.Random(targets.size()), cases.build())));
  }

  private ImmutableList<NftRule> endpointRules(Endpoint endpoint) {
    ImmutableList.Builder<NftRule> rules = ImmutableList.builder();
    rules.add(
        NftRule.of(
            Nft.equal(nft.source(), Nft.word(endpoint.address())),
            Nft.jump(NftNames.MARK_MASQUERADE)));
    if (port.service().affinitySeconds() != Service.NO_AFFINITY) {
      rules.add(
          NftRule.of(
              new Statement.Update(NftNames.AFFINITY + NftNames.of(port, endpoint), nft.source())));
    }
    rules.add(
        NftRule.of(
            Nft.equal(Nft.L4_PROTOCOL, Nft.word(port.protocol())),
            new Statement.Dnat(endpoint.address(), endpoint.port())));
    return rules.build();
  }
}
