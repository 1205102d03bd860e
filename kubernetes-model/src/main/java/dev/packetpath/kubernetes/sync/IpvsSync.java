package dev.packetpath.kubernetes.sync;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.proxy.ipvs.IpvsProxy;
import dev.packetpath.kubernetes.proxy.ipvs.VirtualServer;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.RulesetText;
import dev.packetpath.kubernetes.text.SetText;
import java.util.List;
import java.util.Set;

/**
 * kube-proxy in IPVS mode. Every sync, also the one that comes each 30 seconds without a change,
 * asks the kernel for each virtual server twice and for its real servers once, lists every set,
 * makes sure of every chain and jump, and gives iptables-restore the few rules; what differs is
 * added or deleted with a message or a run of ipset each.
 *
 * <p>Source: kubernetes pkg/proxy/ipvs/proxier.go (syncService, syncEndpoint), ipset.go and
 * graceful_termination.go; a real server is deleted at once if it has no connections, which is
 * assumed here.
 */
final class IpvsSync implements FamilySync<IpvsSync> {
  private static final List<TableName> TABLES = List.of(TableName.NAT, TableName.FILTER);
  private static final int READS_OF_SERVER = 2;

  private final RulesetText rules;
  private final IpvsProxy proxy;

  IpvsSync(ProxyNode node) {
    this.rules = new RulesetText(node.family());
    this.proxy = IpvsProxy.program(node, rules);
  }

  @Override
  public Sync first() {
    Sync.Builder sync = always();
    sync.add(SyncOperation.IPTABLES_COMMAND, rules.baseRules());
    sync.add(SyncOperation.SERVER_ADDED, proxy.servers().size());
    sync.add(
        SyncOperation.REAL_SERVER_ADDED,
        proxy.servers().stream().mapToLong(server -> server.servers().size()).sum());
    sync.add(SyncOperation.ADDRESS_ADDED, proxy.boundAddresses().size());
    proxy.sets().forEach(set -> sync.add(SyncOperation.IPSET_ADD, set.entries().size()));
    return sync.build();
  }

  @Override
  public Sync periodic() {
    return always().build();
  }

  /** Returns what every sync does. */
  private Sync.Builder always() {
    long chains = TABLES.stream().mapToLong(table -> rules.sentChains(table).size()).sum();
    return RestoreText.of(rules, TABLES, List.of())
        .add(SyncOperation.IPTABLES_COMMAND, chains + rules.baseRules())
        .add(SyncOperation.IPSET_CREATE, proxy.sets().size())
        .add(SyncOperation.IPSET_LIST, proxy.sets().size())
        .add(SyncOperation.SERVERS_LISTED, 1)
        .add(SyncOperation.SERVER_READ, READS_OF_SERVER * (long) proxy.servers().size())
        .add(SyncOperation.REAL_SERVERS_LISTED, proxy.servers().size());
  }

  @Override
  public Sync from(IpvsSync before) {
    Sync.Builder sync = always();
    ImmutableMap<VirtualServer.Key, VirtualServer> old = byKey(before);
    ImmutableMap<VirtualServer.Key, VirtualServer> now = byKey(this);
    for (VirtualServer server : now.values()) {
      VirtualServer earlier = old.get(server.key());
      if (earlier == null) {
        sync.add(SyncOperation.SERVER_ADDED, 1);
        sync.add(SyncOperation.REAL_SERVER_ADDED, server.servers().size());
      } else {
        change(earlier, server, sync);
      }
    }
    sync.add(SyncOperation.SERVER_DELETED, Sets.difference(old.keySet(), now.keySet()).size());
    addresses(before, sync);
    sets(before, sync);
    return sync.build();
  }

  private static ImmutableMap<VirtualServer.Key, VirtualServer> byKey(IpvsSync sync) {
    return Maps.uniqueIndex(sync.proxy.servers(), VirtualServer::key);
  }

  private static void change(VirtualServer before, VirtualServer after, Sync.Builder sync) {
    boolean same =
        before.scheduler().equals(after.scheduler())
            && before.affinitySeconds() == after.affinitySeconds();
    sync.add(SyncOperation.SERVER_CHANGED, same ? 0 : 1);
    Set<String> old = places(before);
    Set<String> now = places(after);
    int gone = Sets.difference(old, now).size();
    sync.add(SyncOperation.REAL_SERVER_ADDED, Sets.difference(now, old).size());
    sync.add(SyncOperation.REAL_SERVERS_LISTED, gone);
    sync.add(SyncOperation.REAL_SERVER_DELETED, gone);
  }

  private static Set<String> places(VirtualServer server) {
    return server.servers().stream().map(Endpoint::hostPort).collect(ImmutableSet.toImmutableSet());
  }

  private void addresses(IpvsSync before, Sync.Builder sync) {
    Set<IpAddress> old = ImmutableSet.copyOf(before.proxy.boundAddresses());
    Set<IpAddress> now = ImmutableSet.copyOf(proxy.boundAddresses());
    sync.add(SyncOperation.ADDRESS_ADDED, Sets.difference(now, old).size());
    sync.add(SyncOperation.ADDRESS_DELETED, Sets.difference(old, now).size());
  }

  private void sets(IpvsSync before, Sync.Builder sync) {
    ImmutableMap<String, SetText> old = Maps.uniqueIndex(before.proxy.sets(), SetText::name);
    for (SetText set : proxy.sets()) {
      SetText earlier = old.get(set.name());
      Set<String> had =
          earlier == null ? ImmutableSet.of() : ImmutableSet.copyOf(earlier.entries());
      Set<String> has = ImmutableSet.copyOf(set.entries());
      sync.add(SyncOperation.IPSET_ADD, Sets.difference(has, had).size());
      sync.add(SyncOperation.IPSET_DELETE, Sets.difference(had, has).size());
    }
  }
}
