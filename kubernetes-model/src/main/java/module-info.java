/** What kube-proxy and Calico program on a node of a cluster. */
module dev.packetpath.kubernetes {
  requires transitive dev.packetpath.core;
  requires transitive dev.packetpath.iptables;
  requires transitive dev.packetpath.nftables;
  requires transitive dev.packetpath.node;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires com.google.common;
  requires kubernetes.model.core;
  requires kubernetes.model.discovery;
  requires kubernetes.model.networking;
  requires org.yaml.snakeyaml;
  requires static transitive com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.packetpath.kubernetes;
  exports dev.packetpath.kubernetes.manifest;
  exports dev.packetpath.kubernetes.node;
  exports dev.packetpath.kubernetes.policy;
  exports dev.packetpath.kubernetes.proxy;
  exports dev.packetpath.kubernetes.sync;
}
