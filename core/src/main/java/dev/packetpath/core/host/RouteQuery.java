package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
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
 */
public record RouteQuery(
    IpAddress destination, IpAddress source, int tos, int mark, Device in, Device out) {
  /** Returns the question for a packet that came in by a device, or for one of this host. */
  public static RouteQuery of(Packet packet, Device in) {
    return new RouteQuery(
        packet.destination(), packet.source(), packet.tos(), packet.mark(), in, Device.NONE);
  }

  /** Returns the question for the way back to the source of a packet that came in by a device. */
  public static RouteQuery back(Packet packet, Device in) {
    return new RouteQuery(packet.source(), packet.destination(), packet.tos(), 0, in, Device.NONE);
  }

  /** Returns this question for a device that the way must leave by. */
  public RouteQuery leavingBy(Device device) {
    return new RouteQuery(destination, source, tos, mark, in, device);
  }
}
