package dev.packetpath.kubernetes.text;

/** Writes the rules of a chain. */
@FunctionalInterface
public interface ChainRules {
  /** A chain without rules. */
  ChainRules NONE = (chain, rules) -> {};

  /** Writes each rule, in order, as one of the chain {@code chain}. */
  void writeTo(String chain, RuleWriter rules);

  /** Returns these rules and behind them others. */
  default ChainRules and(ChainRules behind) {
    return (chain, rules) -> {
      writeTo(chain, rules);
      behind.writeTo(chain, rules);
    };
  }
}
