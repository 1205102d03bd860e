package dev.packetpath.iptables.ipset;

import com.google.common.base.Ascii;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.net.ProtocolNames;
import dev.packetpath.core.net.ServiceNames;

/**
 * Reads a protocol and its ports.
 *
 * <p>Source: ipset 7.17, lib/parse.c, ipset_parse_proto_port.
 */
final class PortReader {
  private final IpsetLine line;
  private final IpFamily family;
  private final int offset;

  /** Services are looked up by the protocol's name as written, and it is in lower case. */
  private boolean hasServices = true;

  /** Creates a reader of a part of the word that the line has just moved past. */
  PortReader(IpsetLine line, IpFamily family, int offset) {
    this.line = line;
    this.family = family;
    this.offset = offset;
  }

  /** Reads {@code [PROTO:]PORT[-PORT]}; TCP if no protocol is named. */
  ElementPart.Ports read(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return ports(IpProtocol.TCP, text, text);
    }
    String name = text.substring(0, colon);
    String rest = text.substring(colon + 1);
    int protocol = protocol(name);
    if (PacketPort.hasPorts(protocol)) {
      hasServices = name.chars().noneMatch(Character::isUpperCase);
      return ports(protocol, rest, text);
    }
    boolean icmp = protocol == IpProtocol.ICMP;
    if (icmp || protocol == IpProtocol.ICMPV6) {
      if (icmp != (family == IpFamily.IPV4)) {
        throw wrong(
            text, icmp ? "icmpv6 in a set of family inet6" : "icmp in a set of family inet");
      }
      int typeAndCode = typeAndCode(rest, text);
      return new ElementPart.Ports(protocol, typeAndCode, typeAndCode);
    }
    if (!rest.equals("0")) {
      throw wrong(text, "port 0 for protocol " + name);
    }
    return new ElementPart.Ports(protocol, 0, 0);
  }

  /** Reads {@code [tcp:|udp:]PORT[-PORT]}. */
  ElementPart.Ports readTcpOrUdp(String text) {
    ElementPart.Ports ports = read(text);
    if (ports.protocol() != IpProtocol.TCP && ports.protocol() != IpProtocol.UDP) {
      throw wrong(text, "a port of tcp or udp");
    }
    return ports;
  }

  private int protocol(String name) {
    long number = IpsetLine.number(name, 255);
    if (number >= 0) {
      return (int) number;
    }
    // Of mptcp it is the lower byte, which is that of tcp.
    int named =
        ProtocolNames.exactNumberOf(Ascii.equalsIgnoreCase(name, "icmpv6") ? "ipv6-icmp" : name)
                .orElse(0)
            & 0xff;
    if (named == 0) {
      throw wrong(name, "a protocol");
    }
    return named;
  }

  private int typeAndCode(String rest, String text) {
    int named = IcmpNames.find(family, rest);
    if (named != IcmpNames.UNKNOWN) {
      return named;
    }
    int slash = rest.indexOf('/');
    long type = slash < 0 ? -1 : IpsetLine.number(rest.substring(0, slash), 255);
    long code = slash < 0 ? -1 : IpsetLine.number(rest.substring(slash + 1), 255);
    if (type < 0 || code < 0) {
      throw wrong(text, "TYPE/CODE or the name of an ICMP message");
    }
    return (int) (type << 8 | code);
  }

  private ElementPart.Ports ports(int protocol, String range, String text) {
    int dash = range.indexOf('-');
    if (dash < 0) {
      int port = port(range, protocol, text);
      return new ElementPart.Ports(protocol, port, port);
    }
    int from = port(range.substring(0, dash), protocol, text);
    int to = port(range.substring(dash + 1), protocol, text);
    return new ElementPart.Ports(protocol, Math.min(from, to), Math.max(from, to));
  }

  private int port(String port, int protocol, String text) {
    long number = IpsetLine.number(port, 0xffff);
    if (number < 0 && hasServices) {
      number = ServiceNames.find(port, protocol);
    }
    if (number < 0) {
      throw wrong(text, "a port from 0 to 65535");
    }
    return (int) number;
  }

  private SyntaxException wrong(String found, String expected) {
    return line.inWord(offset, found, expected);
  }
}
