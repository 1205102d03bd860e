package dev.packetpath.conntrack;

import dev.packetpath.core.net.IpProtocol;

/** The tracker of each protocol (nf_ct_l4proto_find, Linux 6.1). */
final class Trackers {
  private final TcpTracker tcp;
  private final Tracker udp;
  private final Tracker udpLite;
  private final Tracker icmp;
  private final Tracker gre;
  private final Tracker sctp;
  private final Tracker generic;

  Trackers(Lifetimes lifetimes) {
    this.tcp = new TcpTracker(lifetimes);
    this.udp = new UdpTracker(lifetimes);
    this.udpLite = TwoWayTracker.udpLite(lifetimes);
    this.icmp = new IcmpTracker(lifetimes);
    this.gre = TwoWayTracker.gre(lifetimes);
    this.sctp = new SctpTracker(lifetimes);
    this.generic = new GenericTracker(lifetimes);
  }

  /** Returns the state of a connection's protocol, "" if it has none. */
  static String stateName(Connection connection) {
    return switch (connection.protocol()) {
      case IpProtocol.TCP -> TcpTracking.stateOf(connection).name();
      case IpProtocol.SCTP -> SctpTracking.stateOf(connection).name();
      default -> "";
    };
  }

  /** Returns whether the protocol is closing a connection (can_early_drop). */
  static boolean isClosing(Connection connection) {
    return switch (connection.protocol()) {
      case IpProtocol.TCP -> TcpTracking.stateOf(connection).isClosing();
      case IpProtocol.SCTP -> SctpTracking.stateOf(connection).isClosing();
      default -> false;
    };
  }

  TcpTracker ofTcp() {
    return tcp;
  }

  Tracker of(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> tcp;
      case IpProtocol.UDP -> udp;
      case IpProtocol.UDPLITE -> udpLite;
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> icmp;
      case IpProtocol.GRE -> gre;
      case IpProtocol.SCTP -> sctp;
      default -> generic;
    };
  }
}
