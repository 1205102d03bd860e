package dev.packetpath.core.packet;

import dev.packetpath.core.net.IpAddress;

/**
 * What load balancing in the kernel ({@code ip_vs}) has told of a packet: that it handled it
 * ({@code skb->ipvs_property}), and the connection that the packet belongs to as it is now.
 *
 * <p>Source: net/netfilter/xt_ipvs.c, Linux 6.1, which looks the connection up with addresses and
 * ports as in the direction to the real server.
 *
 * @param property whether ip_vs handled the packet
 * @param connection whether the packet's connection is found; what follows has no meaning if not
 * @param virtualAddress the address of the virtual service
 * @param virtualPort the port of the virtual service
 * @param controlPort the virtual port of the connection that controls this one, {@link #NO_CONTROL}
 *     for none
 * @param method how packets are forwarded
 * @param ends from where to where the connection's packets go to the real server
 */
public record IpvsInfo(
    boolean property,
    boolean connection,
    IpAddress virtualAddress,
    int virtualPort,
    int controlPort,
    Method method,
    Ends ends) {
  /** No connection controls this one. */
  public static final int NO_CONTROL = -1;

  /** ip_vs did not handle the packet. */
  public static final IpvsInfo ABSENT =
      new IpvsInfo(false, false, IpAddress.ANY_V4, 0, NO_CONTROL, Method.MASQUERADE, Ends.OF_ANY);

  /** ip_vs handled the packet, and no connection is found for it. */
  public static final IpvsInfo HANDLED =
      new IpvsInfo(true, false, IpAddress.ANY_V4, 0, NO_CONTROL, Method.MASQUERADE, Ends.OF_ANY);

  /** Under which a packet carries it. */
  public static final AttachmentKey<IpvsInfo> OF_PACKET = AttachmentKey.create(ABSENT);

  /** How ip_vs forwards the packets of a connection. */
  public enum Method {
    /** With the real server's address in place of the virtual one. */
    MASQUERADE,
    /** To a virtual address of this host itself. */
    LOCAL_NODE,
    /** Wrapped in another IP header. */
    TUNNEL,
    /** Unchanged, to the real server's link. */
    DIRECT_ROUTING,
    /** Past ip_vs, to the original destination. */
    BYPASS
  }

  /** Returns that a packet was handled and belongs to a connection that no other controls. */
  public static IpvsInfo of(IpAddress virtualAddress, int virtualPort, Method method) {
    return new IpvsInfo(true, true, virtualAddress, virtualPort, NO_CONTROL, method, Ends.OF_ANY);
  }

  /** Returns whether the connection is found for a packet as it is now. */
  public boolean isFoundFor(Packet packet) {
    return connection && ends.areOf(packet);
  }

  /**
   * From where to where packets go to a real server: a packet that is translated further, as by
   * source NAT before it comes back by the loopback device, is none of the connection's.
   *
   * @param client the client's address
   * @param clientPort its port
   * @param target the address that packets are sent to: the real server's if they are masqueraded
   * @param targetPort its port
   */
  public record Ends(IpAddress client, int clientPort, IpAddress target, int targetPort) {
    /** Those of any packet. */
    public static final Ends OF_ANY = new Ends(IpAddress.ANY_V4, 0, IpAddress.ANY_V4, 0);

    private boolean areOf(Packet packet) {
      return equals(OF_ANY)
          || (packet.sourcePort() == clientPort
              && packet.destinationPort() == targetPort
              && packet.source().equals(client)
              && packet.destination().equals(target));
    }
  }
}
