/** The kernel's connection tracking and network address translation. */
module dev.packetpath.conntrack {
  requires transitive dev.packetpath.core;
  requires it.unimi.dsi.fastutil.core;
  requires static transitive org.jspecify;
}
