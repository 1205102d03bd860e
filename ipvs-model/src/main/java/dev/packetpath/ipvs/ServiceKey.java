package dev.packetpath.ipvs;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;

/** What makes a virtual service unique: an address and port of a protocol, or a packet mark. */
public sealed interface ServiceKey {
  /** Returns the address family of the clients. */
  IpFamily family();

  /**
   * A service at an address.
   *
   * @param protocol {@link IpProtocol#TCP}, {@link IpProtocol#UDP} or {@link IpProtocol#SCTP}
   * @param address the virtual address
   * @param port the virtual port, 0 for all ports that no other service of the address has
   */
  record Virtual(int protocol, IpAddress address, int port) implements ServiceKey {
    /**
     * Checks protocol and port.
     *
     * @throws IllegalArgumentException if ip_vs does not balance the protocol, or the port is none
     */
    public Virtual {
      checkArgument(
          protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.SCTP,
          "a virtual service is of TCP (6), UDP (17) or SCTP (132), found protocol %s",
          protocol);
      checkArgument(port >= 0 && port <= 0xffff, "port out of range 0..65535: %s", port);
    }

    @Override
    public IpFamily family() {
      return address.family();
    }

    @Override
    public String toString() {
      return ProtocolName.of(protocol) + " " + address.withPort(port);
    }
  }

  /**
   * A service for packets that carry a mark.
   *
   * @param family the address family of the packets
   * @param mark the mark, unsigned, not 0
   */
  record Marked(IpFamily family, int mark) implements ServiceKey {
    /**
     * Checks the mark.
     *
     * @throws IllegalArgumentException if it is 0, which is no mark
     */
    public Marked {
      checkArgument(mark != 0, "a mark is not 0");
    }

    @Override
    public String toString() {
      return "FWM " + Integer.toUnsignedString(mark) + (family == IpFamily.IPV6 ? " IPv6" : "");
    }
  }
}
