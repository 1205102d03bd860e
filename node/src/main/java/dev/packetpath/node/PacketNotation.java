package dev.packetpath.node;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Reads the short form of a packet that people write on the command line, such as {@code in=eth0
 * tcp 10.0.0.7:40000 > 10.96.0.10:80 syn}.
 *
 * <p>The grammar: {@code [in=IFACE|local] [mark=N] PROTO SRC[:PORT] > DST[:PORT] [FLAGS] [type=N
 * code=N id=N] [len=N ttl=N tos=N]}, PROTO tcp, udp, sctp, icmp or icmpv6, an IPv6 address with a
 * port in brackets, FLAGS of syn ack fin rst psh urg or none. Or {@code reply} or {@code again},
 * with what differs behind it. TCP without flags is a SYN, SCTP an INIT, ICMP without a type an
 * echo request; a source port that is not told is 40000, an identifier 1.
 */
public final class PacketNotation {
  private static final int USUAL_SOURCE_PORT = 40_000;
  private static final int USUAL_ID = 1;

  private static final ImmutableMap<String, Integer> PROTOCOLS =
      ImmutableMap.of(
          "tcp", IpProtocol.TCP,
          "udp", IpProtocol.UDP,
          "sctp", IpProtocol.SCTP,
          "icmp", IpProtocol.ICMP,
          "icmpv6", IpProtocol.ICMPV6);

  private final NotationWords words;

  private PacketNotation(NotationWords words) {
    this.words = words;
  }

  /**
   * Returns the packet that a text tells.
   *
   * @throws SyntaxException at the first word that does not fit, line 1
   */
  public static PacketRequest parse(String text) {
    return parse(text, 1);
  }

  /**
   * Returns the packet that a text tells.
   *
   * @param number which packet of several it is, from 1; stands for the line in errors
   * @throws SyntaxException at the first word that does not fit
   */
  public static PacketRequest parse(String text, int number) {
    return new PacketNotation(new NotationWords(text, number)).read(text.strip());
  }

  private PacketRequest read(String text) {
    PacketSettings settings = new PacketSettings(words);
    settings.readAll();
    String what = words.next("tcp, udp, sctp, icmp, icmpv6, reply or again");
    String lower = what.toLowerCase(Locale.ROOT);
    if (lower.equals("reply") || lower.equals("again")) {
      settings.readTail(true, false);
      if (settings.in().isPresent()) {
        throw words.error("in= with " + lower, "no in=: the flow tells where it comes from");
      }
      return lower.equals("reply")
          ? new PacketRequest.Reply(text, settings.changes())
          : new PacketRequest.Again(text, settings.changes());
    }
    Integer protocol = PROTOCOLS.get(lower);
    if (protocol == null) {
      throw words.error(
          "\"" + what + "\"",
          "in=IFACE, mark=N, or a protocol: tcp, udp, sctp, icmp, icmpv6; or reply, again");
    }
    return given(text, protocol, settings);
  }

  private PacketRequest given(String text, int protocol, PacketSettings settings) {
    boolean ports = IpProtocol.hasPorts(protocol);
    Endpoint source = endpoint("the source", protocol, ports);
    int sourcePort = source.port().orElse(ports ? USUAL_SOURCE_PORT : 0);
    String arrow = words.next("\">\" and the destination");
    if (!arrow.equals(">")) {
      throw words.error("\"" + arrow + "\"", "\">\" between source and destination");
    }
    Endpoint destination = endpoint("the destination", protocol, ports);
    if (destination.address().family() != source.address().family()) {
      throw words.error(
          "\"" + words.word() + "\"", "an address of the family of " + source.address());
    }
    if (ports && destination.port().isEmpty()) {
      throw words.error("\"" + words.word() + "\"", "ADDRESS:PORT, as in 10.96.0.10:80");
    }
    settings.readTail(protocol == IpProtocol.TCP, !ports);
    Packet packet =
        new Packet()
            .addresses(source.address(), destination.address())
            .protocol(protocol)
            .dontFragment(true);
    if (ports) {
      packet.ports(sourcePort, destination.port().orElse(0));
      if (protocol == IpProtocol.SCTP) {
        SctpHandshake.open(packet);
      }
    } else {
      packet.icmpType(settings.icmpType().orElse(FollowUp.echoRequest(packet.family())));
      packet.icmpCode(settings.icmpCode().orElse(0));
      packet.icmpId(settings.icmpId().orElse(USUAL_ID)).icmpSequence(1);
    }
    settings.changes().applyTo(packet, TcpFlags.SYN);
    return new PacketRequest.Given(text, settings.in(), packet);
  }

  private record Endpoint(IpAddress address, OptionalInt port) {}

  private Endpoint endpoint(String what, int protocol, boolean ports) {
    String shape = ports ? "ADDRESS:PORT or [IPV6]:PORT" : "an address";
    String word = words.next(what + ", " + shape);
    String address = word;
    String port = "";
    if (word.startsWith("[")) {
      int close = word.indexOf(']');
      if (close < 0) {
        throw words.error("\"" + word + "\"", "\"]\" behind the address");
      }
      address = word.substring(1, close);
      port = word.substring(close + 1);
    } else if (word.indexOf(':') >= 0 && word.indexOf(':') == word.lastIndexOf(':')) {
      address = word.substring(0, word.indexOf(':'));
      port = word.substring(word.indexOf(':'));
    }
    if (!IpAddress.isAddress(address)) {
      throw words.error("\"" + word + "\"", what + ", " + shape);
    }
    IpAddress parsed = IpAddress.parse(address);
    boolean v6 = parsed.family() == IpFamily.IPV6;
    if ((protocol == IpProtocol.ICMP && v6) || (protocol == IpProtocol.ICMPV6 && !v6)) {
      throw words.error(
          "\"" + word + "\"", v6 ? "an IPv4 address for icmp" : "an IPv6 address for icmpv6");
    }
    if (port.isEmpty()) {
      return new Endpoint(parsed, OptionalInt.empty());
    }
    int portColumn = words.column() + word.length() - port.length();
    if (!ports) {
      throw words.error(portColumn, "\"" + port + "\"", "no port for " + (v6 ? "icmpv6" : "icmp"));
    }
    if (!port.startsWith(":")) {
      throw words.error(portColumn, "\"" + port + "\"", "\":PORT\" behind \"]\"");
    }
    long number = words.number(port.substring(1), portColumn + 1, 0xffff);
    return new Endpoint(parsed, OptionalInt.of((int) number));
  }
}
