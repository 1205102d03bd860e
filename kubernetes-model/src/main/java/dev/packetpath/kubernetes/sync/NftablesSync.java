package dev.packetpath.kubernetes.sync;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.node.NodeFile;
import dev.packetpath.kubernetes.proxy.nftables.NftablesProxy;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.nftables.Expression;
import dev.packetpath.nftables.NftChain;
import dev.packetpath.nftables.NftCommands;
import dev.packetpath.nftables.NftSet;
import dev.packetpath.nftables.NftTable;
import dev.packetpath.nftables.Statement;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * kube-proxy in nftables mode: each sync is a transaction, a text for nft. Up to 1.31 it empties
 * every map and chain and fills them again; from 1.32 on elements are added and deleted singly, and
 * after a change the chains of changed Services alone are written. Chains that are no longer needed
 * are emptied, and deleted by another transaction a second later or more.
 *
 * <p>Source: kubernetes pkg/proxy/nftables/proxier.go; the words of the commands are ours.
 */
final class NftablesSync implements FamilySync<NftablesSync> {
  private static final String TOOL = "nft -f -";

  /** The first release that leaves out what did not change. */
  private static final int PARTIAL = 32;

  private final ProxyNode node;
  private final NftablesProxy proxy;
  private final NftTable table;

  NftablesSync(ProxyNode node) {
    this.node = node;
    this.proxy = NftablesProxy.of(node);
    this.table = proxy.table();
  }

  private boolean isPartial() {
    return node.config().version().atLeast(PARTIAL);
  }

  @Override
  public Sync first() {
    return full(true, ImmutableList.of()).build();
  }

  @Override
  public Sync periodic() {
    return full(!isPartial(), ImmutableList.of()).build();
  }

  @Override
  public Sync from(NftablesSync before) {
    Set<String> now = names(table.chains());
    ImmutableList<String> stale =
        ImmutableList.copyOf(Sets.difference(names(before.table.chains()), now));
    Sync.Builder sync = isPartial() ? partial(before, stale) : full(true, stale);
    if (!stale.isEmpty()) {
      NodeFile.Content later =
          out -> {
            NftCommands commands = new NftCommands(table, out);
            for (String chain : stale) {
              commands.deleteChain(chain);
            }
          };
      sync.text(new SyncText(TOOL, later)).add(SyncOperation.CHAIN_DELETED, stale.size());
    }
    return sync.build();
  }

  private static Set<String> names(List<NftChain> chains) {
    return chains.stream().map(NftChain::name).collect(ImmutableSet.toImmutableSet());
  }

  private Sync.Builder full(boolean withElements, ImmutableList<String> stale) {
    NodeFile.Content text =
        out -> {
          NftCommands commands = new NftCommands(table, out);
          commands.addTable();
          for (NftSet set : table.sets()) {
            commands.addSet(set);
            if (!isPartial()) {
              commands.flushSet(set);
            }
          }
          chains(table.chains(), stale, commands);
          if (withElements) {
            for (NftSet set : table.sets()) {
              addElements(set, commands);
            }
          }
        };
    Sync.Builder sync = new Sync.Builder().text(new SyncText(TOOL, text));
    count(table.chains(), stale, sync);
    sync.add(SyncOperation.SET_ADDED, table.sets().size());
    if (withElements) {
      table.sets().forEach(set -> sync.add(SyncOperation.ELEMENT_ADDED, size(set)));
    }
    return sync;
  }

  private static void chains(List<NftChain> chains, List<String> stale, NftCommands commands)
      throws IOException {
    for (NftChain chain : chains) {
      commands.addChain(chain);
      commands.flushChain(chain.name());
    }
    for (NftChain chain : chains) {
      commands.addRules(chain);
    }
    for (String chain : stale) {
      commands.flushChain(chain);
    }
  }

  private static void count(List<NftChain> chains, List<String> stale, Sync.Builder sync) {
    sync.add(SyncOperation.CHAIN, chains.size() + stale.size());
    sync.add(
        SyncOperation.RULE, chains.stream().mapToLong(chain -> chain.rules().get().size()).sum());
  }

  private static long size(NftSet set) {
    return (long) set.elements().size() + set.cases().size();
  }

  private static void addElements(NftSet set, NftCommands commands) throws IOException {
    for (Expression element : set.elements()) {
      commands.addElement(set, element);
    }
    for (Statement.Case element : set.cases()) {
      commands.addElement(set, element);
    }
  }

  private Sync.Builder partial(NftablesSync before, ImmutableList<String> stale) {
    Predicate<Service> changed =
        ServiceChanges.between(before.node.cluster().services(), node.cluster().services());
    ImmutableList<NftChain> chains = proxy.chainsOf(changed);
    ImmutableList<NftSet> sets = proxy.setsOf(changed);
    ImmutableList<SetChange> changes = setChanges(before);
    NodeFile.Content text =
        out -> {
          NftCommands commands = new NftCommands(table, out);
          for (NftSet set : sets) {
            commands.addSet(set);
          }
          chains(chains, stale, commands);
          for (SetChange change : changes) {
            change.writeTo(commands);
          }
        };
    Sync.Builder sync = new Sync.Builder().text(new SyncText(TOOL, text));
    count(chains, stale, sync);
    sync.add(SyncOperation.SET_ADDED, sets.size());
    changes.forEach(change -> change.count(sync));
    return sync;
  }

  private ImmutableList<SetChange> setChanges(NftablesSync before) {
    Map<String, NftSet> old = Maps.uniqueIndex(before.table.sets(), NftSet::name);
    Map<String, NftSet> now = Maps.uniqueIndex(table.sets(), NftSet::name);
    ImmutableList.Builder<SetChange> changes = ImmutableList.builder();
    for (NftSet set : table.sets()) {
      NftSet earlier = old.get(set.name());
      if (earlier != null) {
        changes.add(SetChange.between(earlier, set));
      }
    }
    for (NftSet set : before.table.sets()) {
      if (!now.containsKey(set.name())) {
        changes.add(SetChange.deletion(set));
      }
    }
    return changes.build();
  }
}
