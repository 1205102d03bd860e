package dev.packetpath.iptables.match;

import com.google.common.base.Splitter;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m ipv6header}: which extension headers an IPv6 packet has. The packet model knows the
 * fragment header and takes ESP, AH and "no next header" as protocols; a packet has no other.
 *
 * <p>Source: net/ipv6/netfilter/ip6t_ipv6header.c, Linux 6.1; libip6t_ipv6header, iptables 1.8.9.
 *
 * @param headers one bit for each header
 * @param soft whether others may be there too
 * @param inverted whether the sense is reversed
 */
public record Ipv6headerMatch(int headers, boolean soft, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("ipv6header")
          .only(IpFamily.IPV6)
          .option(OptionSpec.value("--header").orInverted())
          .option(OptionSpec.flag("--soft"))
          .readBy(Ipv6headerMatch::read);

  /** The headers, in the order of their bits from the highest on. */
  private enum Header {
    HOP_BY_HOP("hop-by-hop", "hop", 0),
    DESTINATION("ipv6-opts", "dst", 60),
    ROUTING("ipv6-route", "route", 43),
    FRAGMENT("ipv6-frag", "frag", 44),
    AH("ah", "auth", 51),
    ESP("esp", "esp", 50),
    NONE("ipv6-nonxt", "none", 59),
    PROTOCOL("protocol", "prot", 255);

    private final String text;
    private final String alias;
    private final int number;

    Header(String text, String alias, int number) {
      this.text = text;
      this.alias = alias;
      this.number = number;
    }

    int bit() {
      return 0x80 >>> ordinal();
    }
  }

  private static Ipv6headerMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--header");
    int bits = 0;
    for (String name : Splitter.on(',').omitEmptyStrings().split(given.value())) {
      bits |= bit(options, given, name);
    }
    return new Ipv6headerMatch(bits, options.has("--soft"), given.inverted());
  }

  private static int bit(OptionValues options, OptionValues.Given given, String text) {
    for (Header header : Header.values()) {
      if (text.equals(header.text)
          || text.equals(header.alias)
          || Numbers.parse(text) == header.number) {
        return header.bit();
      }
    }
    throw options.error(
        given, "\"" + text + "\"", "a list of hop, dst, route, frag, ah, esp, none, prot");
  }

  @Override
  public String name() {
    return "ipv6header";
  }

  @Override
  public void print(OptionPrinter out) {
    StringBuilder list = new StringBuilder();
    for (Header header : Header.values()) {
      if ((headers & header.bit()) != 0) {
        list.append(list.isEmpty() ? "" : ",").append(header.text);
      }
    }
    out.option(inverted, "--header", list.toString());
    if (soft) {
      out.word("--soft");
    }
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(matches(present(packet)));
  }

  private boolean matches(int present) {
    if (soft) {
      return ((present ^ (inverted ? headers : 0) ^ headers) & headers) == 0;
    }
    return (present == headers) != inverted;
  }

  private static int present(Packet packet) {
    int fragment = packet.hasFragmentHeader() ? Header.FRAGMENT.bit() : 0;
    return fragment
        | switch (packet.protocol()) {
          case 59 -> Header.NONE.bit();
          case IpProtocol.ESP -> Header.ESP.bit();
          case IpProtocol.AH -> Header.AH.bit() | Header.PROTOCOL.bit();
          default -> Header.PROTOCOL.bit();
        };
  }
}
