/** The kernel's IP virtual server: services, real servers, schedulers and connections. */
module dev.packetpath.ipvs {
  requires transitive dev.packetpath.core;
  requires transitive dev.packetpath.conntrack;
  requires static transitive com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.packetpath.ipvs;
  exports dev.packetpath.ipvs.scheduler;
  exports dev.packetpath.ipvs.syntax;
}
