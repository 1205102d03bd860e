package dev.packetpath.compare.work;

import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.EntrySize;
import dev.packetpath.iptables.TableName;
import dev.packetpath.node.NodeSnapshot;
import java.util.stream.Stream;

/** The chains of the nat table that packets to any Service walk, by mode. */
final class ServiceChains {
  private static final ImmutableSet<String> NAMES =
      ImmutableSet.of("KUBE-SERVICES", "KUBE-PORTALS-CONTAINER", "KUBE-PORTALS-HOST");

  private ServiceChains() {}

  /** Returns those of a node. */
  static Stream<Chain> of(NodeSnapshot snapshot, IpFamily family) {
    return snapshot.ruleset(family).flatMap(rules -> rules.table(TableName.NAT)).stream()
        .flatMap(nat -> nat.chains().stream())
        .filter(chain -> NAMES.contains(chain.name()));
  }

  /** Returns how many bytes of memory their rules take. */
  static long bytes(NodeSnapshot snapshot, IpFamily family) {
    return of(snapshot, family).mapToLong(chain -> EntrySize.of(chain, family)).sum();
  }
}
