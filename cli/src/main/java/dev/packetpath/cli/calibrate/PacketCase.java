package dev.packetpath.cli.calibrate;

/**
 * Packets of a local socket, sent through rules to the address {@code to}, and what is measured of
 * them: the time of each.
 *
 * @param name what it is called
 * @param flow which packets
 * @param to their destination
 * @param ruleset what iptables-restore is given; empty for nothing
 * @param ipset what ipset restore is given; empty for nothing
 * @param nftables what nft is given; empty for nothing
 */
record PacketCase(
    String name, Flow flow, String to, String ruleset, String ipset, String nftables) {
  /** Where packets go that no rule is meant for. */
  static final String ELSEWHERE = "10.200.0.1";

  /** Which flow packets belong to. */
  enum Flow {
    /** All to one. */
    SAME,
    /** Each to a new one. */
    NEW,
    /** All to one, by a socket that has looked up its route. */
    CONNECTED
  }

  static PacketCase of(String name) {
    return new PacketCase(name, Flow.SAME, ELSEWHERE, "", "", "");
  }

  PacketCase withFlow(Flow other) {
    return new PacketCase(name, other, to, ruleset, ipset, nftables);
  }

  PacketCase to(String other) {
    return new PacketCase(name, flow, other, ruleset, ipset, nftables);
  }

  PacketCase withRules(String other) {
    return new PacketCase(name, flow, to, other, ipset, nftables);
  }

  PacketCase withSets(String other) {
    return new PacketCase(name, flow, to, ruleset, other, nftables);
  }

  PacketCase withNftables(String other) {
    return new PacketCase(name, flow, to, ruleset, ipset, other);
  }
}
