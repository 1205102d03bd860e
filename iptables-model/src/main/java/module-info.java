/** The kernel's iptables: tables, chains, rules, matches, targets and ipsets. */
module dev.packetpath.iptables {
  requires transitive dev.packetpath.core;
  requires transitive dev.packetpath.conntrack;
  requires it.unimi.dsi.fastutil.core;
  requires static transitive org.jspecify;
}
