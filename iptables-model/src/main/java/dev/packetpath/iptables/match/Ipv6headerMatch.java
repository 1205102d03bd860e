package dev.packetpath.iptables.match;

import com.google.common.base.Splitter;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;
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
 * {@code -m ipv6header}: which extension headers an IPv6 packet has, by its bytes.
 *
 * <p>Source: net/ipv6/netfilter/ip6t_ipv6header.c, Linux 6.18; libip6t_ipv6header, iptables 1.8.9.
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

  private static final int IPV6_BYTES = 40;
  private static final int NEXT_AT = 6;
  private static final int READ_BYTES = 2;
  private static final int UNREADABLE = -1;

  /** The headers, in the order of their bits from the highest on. */
  private enum Header {
    HOP_BY_HOP("hop-by-hop", "hop", IpProtocol.HOP_BY_HOP),
    DESTINATION("ipv6-opts", "dst", IpProtocol.DESTINATION_OPTIONS),
    ROUTING("ipv6-route", "route", IpProtocol.ROUTING),
    FRAGMENT("ipv6-frag", "frag", IpProtocol.FRAGMENT),
    AH("ah", "auth", IpProtocol.AH),
    ESP("esp", "esp", IpProtocol.ESP),
    NONE("ipv6-nonxt", "none", IpProtocol.NO_NEXT_HEADER),
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

    static Header of(int number) {
      for (Header header : values()) {
        if (header.number == number && header != PROTOCOL) {
          return header;
        }
      }
      return PROTOCOL;
    }

    /** Returns how many bytes one has by its second byte. */
    int bytes(int length) {
      return switch (this) {
        case FRAGMENT -> 8;
        case AH -> (length + 2) * 4;
        default -> (length + 1) * 8;
      };
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
    return (packet, state) -> MatchResult.of(matches(packet));
  }

  /** Of a packet that ends where an extension header should begin nothing holds. */
  private boolean matches(Packet packet) {
    int present = present(packet);
    if (present == UNREADABLE) {
      return false;
    }
    if (soft) {
      return ((present ^ (inverted ? headers : 0) ^ headers) & headers) == 0;
    }
    return (present == headers) != inverted;
  }

  /** Behind a header that says that it is longer than the packet neither ESP nor none is seen. */
  private static int present(Packet packet) {
    byte[] bytes = WireFormat.encode(packet);
    int at = IPV6_BYTES;
    int present = 0;
    Header header = Header.of(bytes[NEXT_AT] & 0xff);
    while (header != Header.PROTOCOL && at <= bytes.length) {
      if (header == Header.NONE) {
        return present | header.bit();
      }
      if (bytes.length - at < READ_BYTES) {
        return UNREADABLE;
      }
      present |= header.bit();
      if (header == Header.ESP) {
        return present;
      }
      Header next = Header.of(bytes[at] & 0xff);
      at += header.bytes(bytes[at + 1] & 0xff);
      header = next;
    }
    return header == Header.NONE || header == Header.ESP
        ? present
        : present | Header.PROTOCOL.bit();
  }
}
