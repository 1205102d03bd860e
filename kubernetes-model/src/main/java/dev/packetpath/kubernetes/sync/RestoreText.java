package dev.packetpath.kubernetes.sync;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.text.RulesetText;
import java.util.List;

/** A text for iptables-restore, with the chains and rules in it counted. */
final class RestoreText {
  private RestoreText() {}

  /**
   * Returns a sync of that text.
   *
   * @param stale the chains of table nat that it deletes
   */
  static Sync.Builder of(RulesetText rules, List<TableName> tables, List<String> stale) {
    String tool = rules.family() == IpFamily.IPV4 ? "iptables-restore" : "ip6tables-restore";
    long chains =
        tables.stream().mapToLong(table -> rules.sentChains(table).size()).sum() + stale.size();
    SyncText text =
        new SyncText(tool + " --noflush --counters", out -> rules.writeRestore(tables, stale, out));
    return new Sync.Builder()
        .text(text)
        .add(SyncOperation.CHAIN, chains)
        .add(SyncOperation.CHAIN_DELETED, stale.size())
        .add(SyncOperation.RULE, rules.sentRules(tables));
  }
}
