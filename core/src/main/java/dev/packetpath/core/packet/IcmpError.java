package dev.packetpath.core.packet;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.net.IpFamily;

/**
 * What an ICMP (RFC 792) or ICMPv6 (RFC 4443) error says of the packet that it quotes.
 *
 * @param type the type, 0 to 255, see {@link IcmpTypes}
 * @param code the code, 0 to 255
 * @param info the third word of the message, unsigned: the MTU where a packet was too long
 */
public record IcmpError(int type, int code, int info) {
  private static final int FRAGMENTATION_NEEDED = 4;

  /** Checks the ranges. */
  public IcmpError {
    checkArgument(type >>> 8 == 0, "an ICMP type is 0 to 255, found %s", type);
    checkArgument(code >>> 8 == 0, "an ICMP code is 0 to 255, found %s", code);
  }

  /** Returns the error that the destination cannot be reached, for the reason of a code. */
  public static IcmpError unreachable(IpFamily family, int code) {
    return new IcmpError(
        family == IpFamily.IPV4
            ? IcmpTypes.DESTINATION_UNREACHABLE
            : IcmpTypes.V6_DESTINATION_UNREACHABLE,
        code,
        0);
  }

  /** Returns the error that nobody listens on the destination port. */
  public static IcmpError portUnreachable(IpFamily family) {
    return unreachable(family, family == IpFamily.IPV4 ? 3 : 4);
  }

  /** Returns the error that the time to live, or the hop limit, ran out. */
  public static IcmpError timeExceeded(IpFamily family) {
    return new IcmpError(
        family == IpFamily.IPV4 ? IcmpTypes.TIME_EXCEEDED : IcmpTypes.V6_TIME_EXCEEDED, 0, 0);
  }

  /** Returns the error that a packet is longer than {@code mtu} bytes and may not be cut. */
  public static IcmpError tooLong(IpFamily family, int mtu) {
    return family == IpFamily.IPV4
        ? new IcmpError(IcmpTypes.DESTINATION_UNREACHABLE, FRAGMENTATION_NEEDED, mtu)
        : new IcmpError(IcmpTypes.V6_PACKET_TOO_BIG, 0, mtu);
  }

  /** Returns whether this error, of a family, is of the kind that {@link #tooLong} makes. */
  public boolean isTooLong(IpFamily family) {
    return family == IpFamily.IPV4
        ? type == IcmpTypes.DESTINATION_UNREACHABLE && code == FRAGMENTATION_NEEDED
        : type == IcmpTypes.V6_PACKET_TOO_BIG;
  }
}
