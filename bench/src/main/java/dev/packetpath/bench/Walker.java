package dev.packetpath.bench;

/** Who walks the tables, as benchmarks name it. */
final class Walker {
  /** The compiled classifier. */
  static final String COMPILED = "compiled";

  /** The plain walk of every rule. */
  static final String REFERENCE = "reference";

  private Walker() {}
}
