package dev.packetpath.core.net;

/** IANA protocol numbers that the models treat by name. */
public final class IpProtocol {
  /** IPv6 hop-by-hop options, RFC 8200. */
  public static final int HOP_BY_HOP = 0;

  /** ICMP, RFC 792. */
  public static final int ICMP = 1;

  /** Group membership. */
  public static final int IGMP = 2;

  /** IPv4 within IP, RFC 2003. */
  public static final int IPIP = 4;

  /** TCP, RFC 9293. */
  public static final int TCP = 6;

  /** UDP, RFC 768. */
  public static final int UDP = 17;

  /** DCCP, RFC 4340. */
  public static final int DCCP = 33;

  /** IPv6 within IP, RFC 2473. */
  public static final int IPV6 = 41;

  /** IPv6 routing header, RFC 8200. */
  public static final int ROUTING = 43;

  /** IPv6 fragment header, RFC 8200. */
  public static final int FRAGMENT = 44;

  /** GRE, RFC 2784. */
  public static final int GRE = 47;

  /** ESP, RFC 4303. */
  public static final int ESP = 50;

  /** AH, RFC 4302. */
  public static final int AH = 51;

  /** ICMPv6, RFC 4443. */
  public static final int ICMPV6 = 58;

  /** Nothing behind an IPv6 header, RFC 8200. */
  public static final int NO_NEXT_HEADER = 59;

  /** IPv6 destination options, RFC 8200. */
  public static final int DESTINATION_OPTIONS = 60;

  /** SCTP, RFC 9260. */
  public static final int SCTP = 132;

  /** UDP-Lite, RFC 3828. */
  public static final int UDPLITE = 136;

  private IpProtocol() {}

  /** Returns whether the first four bytes of this protocol's header are two ports. */
  public static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case TCP, UDP, SCTP, DCCP, UDPLITE -> true;
      default -> false;
    };
  }
}
