package dev.packetpath.core.packet;

import dev.packetpath.core.net.IpFamily;

/** ICMP (RFC 792) and ICMPv6 (RFC 4443) message types by meaning. */
public final class IcmpTypes {
  /** ICMP echo reply. */
  public static final int ECHO_REPLY = 0;

  /** ICMP destination unreachable. */
  public static final int DESTINATION_UNREACHABLE = 3;

  /** ICMP source quench. */
  public static final int SOURCE_QUENCH = 4;

  /** ICMP redirect. */
  public static final int REDIRECT = 5;

  /** ICMP echo request. */
  public static final int ECHO_REQUEST = 8;

  /** ICMP time exceeded. */
  public static final int TIME_EXCEEDED = 11;

  /** ICMP parameter problem. */
  public static final int PARAMETER_PROBLEM = 12;

  /** ICMPv6 destination unreachable. */
  public static final int V6_DESTINATION_UNREACHABLE = 1;

  /** ICMPv6 packet too big. */
  public static final int V6_PACKET_TOO_BIG = 2;

  /** ICMPv6 time exceeded. */
  public static final int V6_TIME_EXCEEDED = 3;

  /** ICMPv6 echo request. */
  public static final int V6_ECHO_REQUEST = 128;

  /** ICMPv6 echo reply. */
  public static final int V6_ECHO_REPLY = 129;

  private IcmpTypes() {}

  /** Returns whether a message of this type reports an error and quotes a packet. */
  public static boolean isError(IpFamily family, int type) {
    if (family == IpFamily.IPV6) {
      return type < 128;
    }
    return switch (type) {
      case DESTINATION_UNREACHABLE, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM ->
          true;
      default -> false;
    };
  }

  /**
   * Returns whether the kernel refuses to send an error about a message of this type: errors, and
   * types that it treats as if they were (net/ipv4/icmp.c, icmp_pointers, and net/ipv6/icmp.c,
   * is_ineligible, Linux 6.1).
   */
  public static boolean isUnanswerable(IpFamily family, int type) {
    if (family == IpFamily.IPV6) {
      return type < 128;
    }
    return switch (type) {
      case ECHO_REPLY, ECHO_REQUEST, 13, 14, 15, 16, 17, 18 -> false;
      default -> true;
    };
  }
}
