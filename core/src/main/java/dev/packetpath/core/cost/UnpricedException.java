package dev.packetpath.core.cost;

import java.util.Collection;

/** Work that has no price. Names the operations. */
public final class UnpricedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UnpricedException(Collection<String> operations) {
    super("no cost is known of " + String.join(", ", operations));
  }
}
