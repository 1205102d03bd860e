package dev.packetpath.nftables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;

/**
 * A table.
 *
 * @param family its family: ip or ip6
 * @param name its name
 * @param sets its sets and maps
 * @param chains its chains
 */
public record NftTable(
    IpFamily family, String name, ImmutableList<NftSet> sets, ImmutableList<NftChain> chains) {
  /** Returns whether there is anything that is a matter of connections: translation, or a state. */
  public boolean needsConntrack() {
    return chains.stream()
        .anyMatch(
            chain ->
                chain.base().map(base -> base.type().equals("nat")).orElse(false)
                    || chain.rules().get().stream()
                        .flatMap(rule -> rule.statements().stream())
                        .anyMatch(Statement::needsConntrack));
  }

  /** Returns how nft calls the family. */
  String familyWord() {
    return familyWord(family);
  }

  static String familyWord(IpFamily family) {
    return family == IpFamily.IPV4 ? "ip" : "ip6";
  }
}
