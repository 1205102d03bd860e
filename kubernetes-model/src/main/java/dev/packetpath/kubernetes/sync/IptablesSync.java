package dev.packetpath.kubernetes.sync;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.proxy.iptables.IptablesProxy;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.RulesetText;
import java.util.List;
import java.util.function.Predicate;

/**
 * kube-proxy in iptables mode. Each sync gives iptables-restore the tables filter and nat; up to
 * 1.26 with the chains of all Services, from 1.27 on with those of changed Services alone, behind
 * the chains that all share. Chains that are no longer needed are deleted in the same text, in
 * large clusters later.
 *
 * <p>Source: kubernetes pkg/proxy/iptables/proxier.go; KEP-3453 (MinimizeIPTablesRestore).
 */
final class IptablesSync implements FamilySync<IptablesSync> {
  /** The first release that leaves out Services without a change. */
  private static final int PARTIAL = 27;

  /** To make sure of a jump takes one run for the chain and one for the rule, and one to add it. */
  private static final int RUNS_TO_CHECK = 2;

  private static final int RUNS_TO_ADD = 3;
  private static final List<TableName> TABLES = List.of(TableName.FILTER, TableName.NAT);

  private final ProxyNode node;
  private final IptablesProxy proxy;

  IptablesSync(ProxyNode node) {
    this.node = node;
    this.proxy = IptablesProxy.of(node);
  }

  @Override
  public Sync first() {
    RulesetText all = rules(service -> true);
    return restore(all, List.of())
        .add(SyncOperation.IPTABLES_COMMAND, RUNS_TO_ADD * jumps(all))
        .build();
  }

  @Override
  public Sync periodic() {
    return full(List.of());
  }

  @Override
  public Sync from(IptablesSync before) {
    ImmutableSet<String> now = chains();
    List<String> stale =
        proxy.isLarge() ? List.of() : List.copyOf(Sets.difference(before.chains(), now));
    if (!node.config().version().atLeast(PARTIAL)) {
      return full(stale);
    }
    Predicate<Service> changed =
        ServiceChanges.between(before.node.cluster().services(), node.cluster().services());
    return restore(rules(changed), stale).build();
  }

  private Sync full(List<String> stale) {
    RulesetText all = rules(service -> true);
    return restore(all, stale)
        .add(SyncOperation.IPTABLES_COMMAND, RUNS_TO_CHECK * jumps(all))
        .build();
  }

  private RulesetText rules(Predicate<Service> which) {
    RulesetText rules = new RulesetText(node.family());
    proxy.addTo(rules, which);
    return rules;
  }

  private long jumps(RulesetText rules) {
    return rules.baseRules() - proxy.jumpsOfKubelet();
  }

  private ImmutableSet<String> chains() {
    return ImmutableSet.copyOf(rules(service -> true).sentChains(TableName.NAT));
  }

  private Sync.Builder restore(RulesetText rules, List<String> stale) {
    return RestoreText.of(rules, TABLES, stale);
  }
}
