package dev.packetpath.ipvs;

import dev.packetpath.core.net.IpProtocol;

/** The names under which ipvsadm lists protocols. */
public final class ProtocolName {
  private ProtocolName() {}

  /** Returns the name in capitals; IP for the templates of marked services. */
  public static String of(int protocol) {
    return switch (protocol) {
      case 0 -> "IP";
      case IpProtocol.TCP -> "TCP";
      case IpProtocol.UDP -> "UDP";
      case IpProtocol.SCTP -> "SCTP";
      default -> Integer.toString(protocol);
    };
  }
}
