/** nftables: rule sets as written, and what the kernel does with packets by them. */
module dev.packetpath.nftables {
  requires transitive dev.packetpath.core;
  requires transitive dev.packetpath.conntrack;
  requires transitive com.fasterxml.jackson.databind;
  requires static transitive org.jspecify;

  exports dev.packetpath.nftables;
}
