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
  /** Returns how nft calls the family. */
  String familyWord() {
    return familyWord(family);
  }

  static String familyWord(IpFamily family) {
    return family == IpFamily.IPV4 ? "ip" : "ip6";
  }
}
