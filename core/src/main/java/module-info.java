/** Addresses, packets, hooks, the host with its routing, the work tally and the trace. */
module dev.packetpath.core {
  requires transitive com.google.common;
  requires static transitive com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.packetpath.core;
  exports dev.packetpath.core.cost;
  exports dev.packetpath.core.host;
  exports dev.packetpath.core.net;
  exports dev.packetpath.core.packet;
}
