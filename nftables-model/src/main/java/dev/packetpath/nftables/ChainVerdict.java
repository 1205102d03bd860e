package dev.packetpath.nftables;

/** What becomes of a packet, or where it goes on. */
public sealed interface ChainVerdict {
  /** It passes this base chain. */
  record Accept() implements ChainVerdict {}

  /** It ends here. */
  record Drop() implements ChainVerdict {}

  /** It goes on behind the jump that led here. */
  record Return() implements ChainVerdict {}

  /**
   * It goes through another chain and comes back.
   *
   * @param chain the chain
   */
  record Jump(String chain) implements ChainVerdict {}

  /**
   * It goes through another chain and does not come back here.
   *
   * @param chain the chain
   */
  record GoTo(String chain) implements ChainVerdict {}
}
