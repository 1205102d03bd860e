package dev.packetpath.iptables.syntax;

import org.jspecify.annotations.Nullable;

/** The user chains of the table that is being read. */
interface UserChains {
  /** Returns the user chain of a name, null if there is none. */
  @Nullable ChainDraft find(String name);

  /** Returns the user chain whose name is a word of a line, null if there is none. */
  @Nullable ChainDraft find(Words words, int word);
}
