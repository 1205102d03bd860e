package dev.packetpath.kubernetes.proxy.ipvs;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServiceProtocol;
import java.io.IOException;
import java.io.Writer;
import java.util.Comparator;

/**
 * A virtual server and its real servers, which it masquerades to with weight 1.
 *
 * @param protocol its protocol
 * @param address its address
 * @param port its port
 * @param scheduler how it chooses
 * @param affinitySeconds how long a client stays with a server, or {@link Service#NO_AFFINITY}
 * @param servers the real servers
 */
public record VirtualServer(
    ServiceProtocol protocol,
    IpAddress address,
    int port,
    String scheduler,
    int affinitySeconds,
    ImmutableList<Endpoint> servers) {
  /** The order in which {@code ipvsadm -S -n} lists them: by family, protocol, address, port. */
  public static final Comparator<VirtualServer> LISTED =
      Comparator.<VirtualServer, IpFamily>comparing(server -> server.address().family())
          .thenComparingInt(server -> server.protocol().number())
          .thenComparing(VirtualServer::address)
          .thenComparingInt(VirtualServer::port);

  private static final Comparator<Endpoint> BY_ADDRESS =
      Comparator.comparing(Endpoint::address).thenComparingInt(Endpoint::port);

  /**
   * What tells virtual servers apart.
   *
   * @param protocol the protocol
   * @param address the address
   * @param port the port
   */
  public record Key(ServiceProtocol protocol, IpAddress address, int port) {}

  /** Returns what tells this virtual server from others. */
  public Key key() {
    return new Key(protocol, address, port);
  }

  /**
   * Writes what {@code ipvsadm -S -n} prints of it (ipvsadm 1.31).
   *
   * @throws IOException if {@code out} fails
   */
  public void writeTo(Writer out) throws IOException {
    String service = service();
    out.write("-A " + service + " -s " + scheduler);
    if (affinitySeconds != Service.NO_AFFINITY) {
      out.write(" -p " + affinitySeconds);
    }
    if (scheduler.equals("mh")) {
      out.write(" -b mh-port");
    }
    out.write("\n");
    for (Endpoint server : ImmutableList.sortedCopyOf(BY_ADDRESS, servers)) {
      out.write("-a " + service + " -r " + server.hostPort() + " -m -w 1\n");
    }
  }

  private String service() {
    String option =
        switch (protocol) {
          case TCP -> "-t ";
          case UDP -> "-u ";
          case SCTP -> "--sctp-service ";
        };
    return address.family() == IpFamily.IPV6
        ? option + "[" + address + "]:" + port
        : option + address + ":" + port;
  }
}
