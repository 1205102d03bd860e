package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/**
 * What a routing decision is made from ({@code struct flowi}).
 *
 * @param destination where to
 * @param source where from, the unspecified address if it does not matter
 * @param tos the type-of-service byte
 * @param mark the packet mark
 * @param in the device it came in by, {@link Device#NONE} for a packet of this host
 * @param out the device it must leave by, {@link Device#NONE} for any
 * @param flow the transport header
 */
public record RouteQuery(
    IpAddress destination, IpAddress source, int tos, int mark, Device in, Device out, Flow flow) {
  /**
   * What policy rules may ask of the transport header.
   *
   * @param protocol the IP protocol, 0 if it is not known
   * @param sourcePort the source port, 0 for none
   * @param destinationPort the destination port, 0 for none
   */
  public record Flow(int protocol, int sourcePort, int destinationPort) {
    /** Nothing known. */
    public static final Flow NONE = new Flow(0, 0, 0);

    /** Returns the flow of a packet; the ports of fragments are not read. */
    static Flow of(Packet packet) {
      return packet.isFragment() || !IpProtocol.hasPorts(packet.protocol())
          ? new Flow(packet.protocol(), 0, 0)
          : new Flow(packet.protocol(), packet.sourcePort(), packet.destinationPort());
    }

    Flow back() {
      return new Flow(protocol, destinationPort, sourcePort);
    }
  }

  /** Creates a question about a packet whose transport header does not count. */
  public RouteQuery(
      IpAddress destination, IpAddress source, int tos, int mark, Device in, Device out) {
    this(destination, source, tos, mark, in, out, Flow.NONE);
  }

  /** Returns the question for an address, of a packet of which nothing else is known. */
  public static RouteQuery to(IpAddress destination) {
    return new RouteQuery(
        destination, IpAddress.any(destination.family()), 0, 0, Device.NONE, Device.NONE);
  }

  /** Returns the question for a packet that came in by a device, or for one of this host. */
  public static RouteQuery of(Packet packet, Device in) {
    return new RouteQuery(
        packet.destination(),
        packet.source(),
        packet.tos(),
        packet.mark(),
        in,
        Device.NONE,
        Flow.of(packet));
  }

  /**
   * Returns the question for the way back to the source of a packet: that of one with its addresses
   * turned round that came in where the packet leaves.
   *
   * @param out the device that the packet leaves by, {@link Device#NONE} if it stays here
   * @param mark the mark that counts
   */
  public static RouteQuery back(Packet packet, Device out, int mark) {
    return new RouteQuery(
        packet.source(),
        packet.destination(),
        packet.tos(),
        mark,
        out,
        Device.NONE,
        Flow.of(packet).back());
  }

  /** Returns this question for a device that the way must leave by. */
  public RouteQuery leavingBy(Device device) {
    return new RouteQuery(destination, source, tos, mark, in, device, flow);
  }
}
