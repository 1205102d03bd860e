/** Which kube-proxy mode costs what: traffic simulated on what the models say. */
module dev.packetpath.compare {
  requires transitive dev.packetpath.core;
  requires transitive dev.packetpath.kubernetes;
  requires transitive dev.packetpath.node;
  requires com.google.common;
  requires HdrHistogram;
  requires static transitive com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.packetpath.compare.advice;
  exports dev.packetpath.compare.lab;
  exports dev.packetpath.compare.fit;
  exports dev.packetpath.compare.traffic;
  exports dev.packetpath.compare.work;
  exports dev.packetpath.compare;
}
