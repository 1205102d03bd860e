package dev.packetpath.kubernetes.sync;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.proxy.userspace.UserspaceProxy;
import dev.packetpath.kubernetes.text.RulesetText;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/**
 * kube-proxy in userspace mode: a run of iptables for each rule, which asks whether it is there,
 * and another one that adds it; every 30 seconds all are asked for again.
 *
 * <p>Source: kubernetes pkg/proxy/userspace/proxier.go, 1.20.
 */
final class UserspaceSync implements FamilySync<UserspaceSync> {
  private static final int RUNS_TO_ADD = 2;

  private final RulesetText rules;

  UserspaceSync(ProxyNode node) {
    this.rules = new RulesetText(node.family());
    UserspaceProxy.of(node).addTo(rules);
  }

  private long all() {
    return rules.baseRules() + rules.sentRules(List.of(TableName.NAT));
  }

  private long chains() {
    return rules.sentChains(TableName.NAT).size();
  }

  @Override
  public Sync first() {
    return runs(chains() + RUNS_TO_ADD * all());
  }

  @Override
  public Sync periodic() {
    return runs(all());
  }

  @Override
  public Sync from(UserspaceSync before) {
    Set<String> old = before.lines();
    Set<String> now = lines();
    return runs(
        RUNS_TO_ADD * (long) Sets.difference(now, old).size() + Sets.difference(old, now).size());
  }

  private Set<String> lines() {
    StringWriter text = new StringWriter();
    try {
      rules.writeRestore(List.of(TableName.NAT), List.of(), text);
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory", e);
    }
    return text.toString().lines().collect(ImmutableSet.toImmutableSet());
  }

  private static Sync runs(long count) {
    return new Sync.Builder().add(SyncOperation.IPTABLES_COMMAND, count).build();
  }
}
