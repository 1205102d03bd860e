package dev.packetpath.nftables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A chain.
 *
 * @param name its name
 * @param base where it hangs; empty for a chain that is jumped to
 * @param rules makes its rules, the same at each call, so that a large rule set need not be held
 */
public record NftChain(String name, Optional<Base> base, Supplier<ImmutableList<NftRule>> rules) {
  /**
   * Where a base chain hangs; its policy is accept.
   *
   * @param type filter or nat
   * @param hook the hook
   * @param priority the priority there
   */
  public record Base(String type, Hook hook, int priority) {}

  /** Returns a chain that is jumped to. */
  public static NftChain of(String name, Supplier<ImmutableList<NftRule>> rules) {
    return new NftChain(name, Optional.empty(), rules);
  }
}
