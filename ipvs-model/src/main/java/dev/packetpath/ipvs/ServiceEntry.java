package dev.packetpath.ipvs;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.packet.IpvsInfo.Method;

/**
 * A virtual service and its servers as they are written down.
 *
 * @param service the service
 * @param servers its servers, in the order in which they are added
 */
public record ServiceEntry(ServiceSpec service, ImmutableList<ServerSpec> servers) {
  /**
   * Returns whether connection tracking is on for the service, as for one of FTP with masqueraded
   * servers, whose packets a helper may rewrite (__ip_vs_update_dest of
   * net/netfilter/ipvs/ip_vs_ctl.c, Linux 6.1).
   */
  public boolean needsConntrack() {
    return service.key() instanceof ServiceKey.Virtual virtual
        && virtual.port() == NewConnections.FTP_PORT
        && servers.stream().anyMatch(server -> server.method() == Method.MASQUERADE);
  }
}
