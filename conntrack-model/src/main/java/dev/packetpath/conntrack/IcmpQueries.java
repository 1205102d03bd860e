package dev.packetpath.conntrack;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IcmpTypes;

/**
 * The ICMP and ICMPv6 queries and their answers (nf_conntrack_proto_icmp.c and
 * nf_conntrack_proto_icmpv6.c, Linux 6.1).
 */
final class IcmpQueries {
  /** The highest ICMP type that is looked at (NR_ICMP_TYPES). */
  static final int HIGHEST_V4 = 18;

  private static final int IPV6_REDIRECT = 137;

  private IcmpQueries() {}

  /** Returns the type that answers a type, in both directions, or -1 if there is none. */
  static int answerOf(IpFamily family, int type) {
    if (family == IpFamily.IPV4) {
      return switch (type) {
        case 0 -> 8;
        case 8 -> 0;
        case 13 -> 14;
        case 14 -> 13;
        case 15 -> 16;
        case 16 -> 15;
        case 17 -> 18;
        case 18 -> 17;
        default -> -1;
      };
    }
    return switch (type) {
      case 128 -> 129;
      case 129 -> 128;
      case 139 -> 140;
      case 140 -> 139;
      default -> -1;
    };
  }

  /** Returns whether a message of this type may begin a connection. */
  static boolean mayBegin(IpFamily family, int type) {
    if (family == IpFamily.IPV4) {
      return type == 8 || type == 13 || type == 15 || type == 17;
    }
    return type == 128 || type == 139;
  }

  /**
   * Returns whether a message of this type quotes a packet and is looked up by it; an ICMPv6
   * redirect is, too.
   */
  static boolean isError(IpFamily family, int type) {
    return IcmpTypes.isError(family, type) || (family == IpFamily.IPV6 && type == IPV6_REDIRECT);
  }

  /** Returns whether the header of this type has an identifier that NAT may rewrite. */
  static boolean hasId(IpFamily family, int type) {
    return answerOf(family, type) >= 0 && (family == IpFamily.IPV4 || type <= 129);
  }

  /**
   * Returns whether ICMPv6 messages of this type are never tracked: multicast listener and
   * neighbour discovery.
   */
  static boolean isUntracked(int icmpv6Type) {
    return (icmpv6Type >= 130 && icmpv6Type <= 136) || icmpv6Type == 143;
  }
}
