package dev.packetpath.core.cost;

/** The parts in which costs are told. */
public enum CostKind {
  /** Rules of iptables and nftables: evaluation, matches, targets, chains, sets and maps. */
  RULES,
  /** Connection tracking. */
  CONNTRACK,
  /** Address translation. */
  NAT,
  /** IP virtual server. */
  IPVS,
  /** All else: hooks, routes. */
  OTHER;

  /** Returns where an operation belongs, by its name. */
  public static CostKind of(String operation) {
    if (operation.startsWith("conntrack")) {
      return CONNTRACK;
    }
    if (operation.startsWith("ipvs")) {
      return IPVS;
    }
    if (operation.startsWith("nat")) {
      return NAT;
    }
    return switch (operation) {
      case "ruleEvaluated",
          "ruleMatched",
          "matchCall",
          "targetCall",
          "chainCall",
          "implicitReturn",
          "policy",
          "setLookup",
          "setProbe",
          "nftRuleEvaluated",
          "nftMapLookup",
          "nftSetLookup" ->
          RULES;
      default -> OTHER;
    };
  }
}
