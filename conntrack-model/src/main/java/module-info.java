/** Connection tracking and network address translation, as nf_conntrack and nf_nat do them. */
module dev.packetpath.conntrack {
  requires transitive dev.packetpath.core;
  requires it.unimi.dsi.fastutil.core;
  requires static transitive com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.packetpath.conntrack;
  exports dev.packetpath.conntrack.capacity;
}
