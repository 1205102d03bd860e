package dev.packetpath.nftables;

import com.google.common.collect.ImmutableList;

/**
 * A rule.
 *
 * @param statements its parts, in order
 * @param comment its comment, empty for none
 */
public record NftRule(ImmutableList<Statement> statements, String comment) {
  /** Returns a rule without a comment. */
  public static NftRule of(Statement... statements) {
    return new NftRule(ImmutableList.copyOf(statements), "");
  }
}
