package dev.packetpath.iptables.ipset;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.net.ProtocolNames;

/** The text of a protocol and its ports, as {@code ipset save} prints it. */
final class PortText {
  private PortText() {}

  static String print(ElementPart.Ports ports) {
    int protocol = ports.protocol();
    if (protocol == 0) {
      return range(ports);
    }
    String name = ProtocolNames.nameOf(protocol);
    if (protocol == IpProtocol.ICMP) {
      return name + ":" + IcmpNames.print(IpFamily.IPV4, ports.first());
    }
    if (protocol == IpProtocol.ICMPV6) {
      return name + ":" + IcmpNames.print(IpFamily.IPV6, ports.first());
    }
    return name + ":" + (PacketPort.hasPorts(protocol) ? range(ports) : "0");
  }

  private static String range(ElementPart.Ports ports) {
    return ports.first() == ports.last()
        ? Integer.toString(ports.first())
        : ports.first() + "-" + ports.last();
  }
}
