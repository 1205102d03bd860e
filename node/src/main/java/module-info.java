/** A node snapshot read and written, and a Host assembled from all models. */
module dev.packetpath.node {
  requires transitive dev.packetpath.core;
  requires transitive dev.packetpath.conntrack;
  requires transitive dev.packetpath.iptables;
  requires transitive dev.packetpath.ipvs;
  requires transitive dev.packetpath.nftables;
  requires transitive com.fasterxml.jackson.databind;
  requires org.yaml.snakeyaml;
  requires static transitive org.jspecify;

  exports dev.packetpath.node;
  exports dev.packetpath.node.cost;
  exports dev.packetpath.node.explore;
  exports dev.packetpath.node.trace;
}
