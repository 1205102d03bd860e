package dev.packetpath.iptables.syntax;

/** How strictly a text is read. */
public enum ReadMode {
  /** As iptables-restore 1.8.9 reads it; what is not modelled is an error. */
  STRICT,
  /**
   * Old spellings are read too, and what is not modelled becomes a match or target of which only
   * the text is known; each is noted.
   */
  LENIENT
}
