package dev.packetpath.kubernetes.calico;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.text.ChainRules;
import dev.packetpath.kubernetes.text.RulesetText;
import dev.packetpath.kubernetes.text.SetText;
import dev.packetpath.kubernetes.text.TableText;

/**
 * Calico's iptables dataplane on one node and family, without tunnels and host endpoints: raw,
 * mangle, nat, filter, and the sets.
 *
 * <p>Source: projectcalico/calico felix/rules at 87c15906f2, with a chain for each policy.
 */
public final class CalicoDataplane {
  private static final String FROM_HOST = "cali-from-host-endpoint";
  private static final String TO_HOST = "cali-to-host-endpoint";
  private static final String PODS = CalicoNames.DEVICE_PREFIX + "+";

  private final Cluster cluster;
  private final IpFamily family;
  private final ImmutableList<CalicoPolicy> policies;
  private final ImmutableList<Pod> pods;
  private final PolicySets policySets;

  private CalicoDataplane(
      Cluster cluster,
      IpFamily family,
      ImmutableList<CalicoPolicy> policies,
      ImmutableList<Pod> pods) {
    this.cluster = cluster;
    this.family = family;
    this.policies = policies;
    this.pods = pods;
    this.policySets = new PolicySets(cluster, family);
  }

  /**
   * Adds the rules of a node to its tables, around those that are there; returns the sets.
   *
   * @param policies the policies, in order; a Pod that none is about may receive and send
   *     everything
   */
  public static ImmutableList<SetText> program(
      Cluster cluster, ClusterNode node, ImmutableList<CalicoPolicy> policies, RulesetText rules) {
    ImmutableList<Pod> pods =
        cluster.pods().stream()
            .filter(pod -> pod.node().equals(node.name()) && !pod.hostNetwork())
            .collect(ImmutableList.toImmutableList());
    CalicoDataplane dataplane = new CalicoDataplane(cluster, rules.family(), policies, pods);
    dataplane.addRaw(rules.table(TableName.RAW));
    dataplane.addMangle(rules.table(TableName.MANGLE));
    dataplane.addNat(rules.table(TableName.NAT));
    dataplane.addFilter(rules.table(TableName.FILTER));
    return dataplane.sets();
  }

  private String set(String id) {
    return CalicoNames.set(family, id);
  }

  private static ChainRules jump(String chain) {
    return new CalicoRules().jump(chain).build();
  }

  private void addRaw(TableText raw) {
    raw.prepend(Hook.PREROUTING, jump("cali-PREROUTING"));
    raw.prepend(Hook.OUTPUT, jump("cali-OUTPUT"));
    raw.chain(
        "cali-PREROUTING",
        new CalicoRules()
            .clear(CalicoRules.ALL)
            .mark(rule -> rule.in(PODS), CalicoRules.SCRATCH)
            .when(CalicoRules.marked(CalicoRules.SCRATCH), "cali-rpf-skip")
            .when(
                rule -> rule.marked(CalicoRules.SCRATCH).match("rpfilter --validmark --invert"),
                "DROP")
            .when(CalicoRules.unmarked(CalicoRules.SCRATCH), FROM_HOST)
            .when(CalicoRules.marked(CalicoRules.ACCEPT), "ACCEPT")
            .build());
    raw.chain(
        "cali-OUTPUT",
        new CalicoRules()
            .clear(CalicoRules.ALL)
            .jump(TO_HOST)
            .when(CalicoRules.marked(CalicoRules.ACCEPT), "ACCEPT")
            .build());
    addEmpty(raw, "cali-rpf-skip", FROM_HOST, TO_HOST);
  }

  private static void addEmpty(TableText table, String... chains) {
    for (String chain : chains) {
      table.chain(chain, ChainRules.NONE);
    }
  }

  private void addMangle(TableText mangle) {
    mangle.prepend(Hook.PREROUTING, jump("cali-PREROUTING"));
    mangle.prepend(Hook.POSTROUTING, jump("cali-POSTROUTING"));
    mangle.chain(
        "cali-PREROUTING",
        new CalicoRules()
            .when(CalicoRules.state("RELATED,ESTABLISHED"), "ACCEPT")
            .when(CalicoRules.marked(CalicoRules.ACCEPT), "ACCEPT")
            .jump(FROM_HOST)
            .when(CalicoRules.marked(CalicoRules.ACCEPT), "ACCEPT")
            .build());
    mangle.chain(
        "cali-POSTROUTING",
        new CalicoRules()
            .when(
                rule -> rule.match("set --match-set " + set("dscp-src-net") + " src"),
                "cali-qos-policy")
            .when(CalicoRules.marked(CalicoRules.ACCEPT), "RETURN")
            .clear(CalicoRules.ALL)
            .when(CalicoRules.state("DNAT"), TO_HOST)
            .when(CalicoRules.marked(CalicoRules.ACCEPT), "RETURN")
            .build());
    addEmpty(mangle, "cali-qos-policy", FROM_HOST, TO_HOST);
  }

  private void addNat(TableText nat) {
    nat.prepend(Hook.PREROUTING, jump("cali-PREROUTING"));
    nat.prepend(Hook.OUTPUT, jump("cali-OUTPUT"));
    nat.append(Hook.POSTROUTING, jump("cali-POSTROUTING"));
    nat.chain("cali-PREROUTING", jump("cali-fip-dnat"));
    nat.chain("cali-OUTPUT", jump("cali-fip-dnat"));
    nat.chain(
        "cali-POSTROUTING",
        new CalicoRules().jump("cali-fip-snat").jump("cali-nat-outgoing").build());
    nat.chain(
        "cali-nat-outgoing",
        new CalicoRules()
            .when(
                rule ->
                    rule.match("set --match-set " + set("masq-ipam-pools") + " src")
                        .match("set ! --match-set " + set("network-ip-pools") + " dst"),
                "MASQUERADE --random-fully")
            .build());
    addEmpty(nat, "cali-fip-dnat", "cali-fip-snat");
  }

  private void addFilter(TableText filter) {
    filter.prepend(Hook.INPUT, jump("cali-INPUT"));
    filter.prepend(Hook.FORWARD, jump("cali-FORWARD"));
    filter.prepend(Hook.OUTPUT, jump("cali-OUTPUT"));
    filter.append(
        Hook.FORWARD,
        new CalicoRules()
            .when(CalicoRules.marked(CalicoRules.ACCEPT), "ACCEPT")
            .mark(rule -> {}, CalicoRules.ACCEPT)
            .build());
    filter.chain(
        "cali-FORWARD",
        new CalicoRules()
            .clear(CalicoRules.ALL & ~CalicoRules.ACCEPT)
            .when(CalicoRules.unmarked(CalicoRules.ACCEPT), "cali-from-hep-forward")
            .when(rule -> rule.in(PODS), "cali-from-wl-dispatch")
            .when(rule -> rule.out(PODS), "cali-to-wl-dispatch")
            .jump("cali-to-hep-forward")
            .jump("cali-cidr-block")
            .build());
    filter.chain(
        "cali-INPUT",
        new CalicoRules()
            .goWhen(rule -> rule.in(PODS), "cali-wl-to-host")
            .when(CalicoRules.marked(CalicoRules.ACCEPT), "ACCEPT")
            .clear(CalicoRules.ALL)
            .jump(FROM_HOST)
            .when(CalicoRules.marked(CalicoRules.ACCEPT), "ACCEPT")
            .build());
    filter.chain(
        "cali-wl-to-host", new CalicoRules().jump("cali-from-wl-dispatch").jump("ACCEPT").build());
    filter.chain(
        "cali-OUTPUT",
        new CalicoRules()
            .when(CalicoRules.marked(CalicoRules.ACCEPT), "ACCEPT")
            .when(rule -> rule.out(PODS), "RETURN")
            .clear(CalicoRules.ALL)
            .when(rule -> rule.match("conntrack ! --ctstate DNAT"), TO_HOST)
            .when(CalicoRules.marked(CalicoRules.ACCEPT), "ACCEPT")
            .build());
    addEmpty(
        filter,
        "cali-from-hep-forward",
        "cali-to-hep-forward",
        "cali-cidr-block",
        FROM_HOST,
        TO_HOST);
    ImmutableSortedSet<String> devices =
        pods.stream()
            .map(CalicoNames::device)
            .collect(ImmutableSortedSet.toImmutableSortedSet(String::compareTo));
    DispatchTree.fromPods(devices, filter);
    DispatchTree.toPods(devices, filter);
    new EndpointChains(cluster, policies, policySets, family).addTo(filter, pods);
  }

  private ImmutableList<SetText> sets() {
    SetText masquerade = newSet("masq-ipam-pools");
    SetText pools = newSet("network-ip-pools");
    for (IpPrefix podCidr : cluster.podCidrs()) {
      if (podCidr.family() == family) {
        masquerade.add(podCidr.toString());
        pools.add(podCidr.toString());
      }
    }
    return ImmutableList.<SetText>builder()
        .add(masquerade, pools, newSet("dscp-src-net"))
        .addAll(policySets.all())
        .build();
  }

  private SetText newSet(String id) {
    return SetText.hash(set(id), "hash:net", family, PolicySets.MAX_ELEMENTS);
  }
}
