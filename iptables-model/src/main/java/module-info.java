/** The kernel's iptables: tables, chains, rules, matches, targets and ipsets. */
module dev.packetpath.iptables {
  requires transitive dev.packetpath.core;
  requires transitive dev.packetpath.conntrack;
  requires it.unimi.dsi.fastutil.core;
  requires static transitive com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.packetpath.iptables;
  exports dev.packetpath.iptables.ipset;
  exports dev.packetpath.iptables.match;
  exports dev.packetpath.iptables.syntax;
  exports dev.packetpath.iptables.target;
}
