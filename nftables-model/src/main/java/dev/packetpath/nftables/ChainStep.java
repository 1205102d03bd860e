package dev.packetpath.nftables;

import dev.packetpath.core.Verdict;

/** What a statement says of the way on. */
sealed interface ChainStep {
  /** The next statement. */
  ChainStep CONTINUE = new Next(false);

  /** The next rule. */
  ChainStep BREAK = new Next(true);

  /** Behind the jump that led here. */
  ChainStep RETURN = new Return();

  /**
   * On in this chain.
   *
   * @param rule whether the rest of the rule is left out
   */
  record Next(boolean rule) implements ChainStep {}

  /** Behind the jump that led here. */
  record Return() implements ChainStep {}

  /**
   * To another chain.
   *
   * @param chain the chain
   * @param comesBack whether the way comes back here
   */
  record To(LoadedChain chain, boolean comesBack) implements ChainStep {}

  /**
   * Out of the base chain.
   *
   * @param verdict what becomes of the packet
   */
  record End(Verdict verdict) implements ChainStep {}
}
