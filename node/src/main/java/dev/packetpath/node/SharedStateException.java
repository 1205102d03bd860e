package dev.packetpath.node;

import com.google.common.collect.ImmutableList;

/**
 * Flows of different engines met in a state that a kernel has but once, so that what the engines
 * say depends on how the flows were divided: such a run needs one engine.
 */
public final class SharedStateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient ImmutableList<String> shared;

  SharedStateException(ImmutableList<String> shared) {
    super("needs one engine, because flows share: " + String.join("; ", shared));
    this.shared = shared;
  }

  /** Returns what was shared: rules with their places, or a limit. */
  public ImmutableList<String> shared() {
    return shared;
  }
}
