package dev.packetpath.core.net;

import static java.util.Map.entry;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The names of IP protocols, as {@code /etc/protocols} of Debian 12 (package netbase) gives them.
 */
public final class ProtocolNames {
  private static final ImmutableBiMap<String, Integer> NAMES =
      ImmutableBiMap.copyOf(
          Map.<String, Integer>ofEntries(
              entry("icmp", 1),
              entry("igmp", 2),
              entry("ggp", 3),
              entry("ipencap", 4),
              entry("st", 5),
              entry("tcp", 6),
              entry("egp", 8),
              entry("igp", 9),
              entry("pup", 12),
              entry("udp", 17),
              entry("hmp", 20),
              entry("xns-idp", 22),
              entry("rdp", 27),
              entry("iso-tp4", 29),
              entry("dccp", 33),
              entry("xtp", 36),
              entry("ddp", 37),
              entry("idpr-cmtp", 38),
              entry("ipv6", 41),
              entry("ipv6-route", 43),
              entry("ipv6-frag", 44),
              entry("idrp", 45),
              entry("rsvp", 46),
              entry("gre", 47),
              entry("esp", 50),
              entry("ah", 51),
              entry("skip", 57),
              entry("ipv6-icmp", 58),
              entry("ipv6-nonxt", 59),
              entry("ipv6-opts", 60),
              entry("rspf", 73),
              entry("vmtp", 81),
              entry("eigrp", 88),
              entry("ospf", 89),
              entry("ax.25", 93),
              entry("ipip", 94),
              entry("etherip", 97),
              entry("encap", 98),
              entry("pim", 103),
              entry("ipcomp", 108),
              entry("vrrp", 112),
              entry("l2tp", 115),
              entry("isis", 124),
              entry("sctp", 132),
              entry("fc", 133),
              entry("mobility-header", 135),
              entry("udplite", 136),
              entry("mpls-in-ip", 137),
              entry("manet", 138),
              entry("hip", 139),
              entry("shim6", 140),
              entry("wesp", 141),
              entry("rohc", 142),
              entry("ethernet", 143)));

  /** Names that iptables knows besides; of the two of 0 neither is printed. */
  private static final ImmutableMap<String, Integer> ALIASES =
      ImmutableMap.of("ip", 0, "hopopt", 0, "icmpv6", 58, "icmp6", 58, "ipv6-mh", 135, "mh", 135);

  private ProtocolNames() {}

  /** Returns the name of a protocol, or its number where it has none. */
  public static String nameOf(int protocol) {
    String name = NAMES.inverse().get(protocol);
    return name == null ? Integer.toString(protocol) : name;
  }

  /** Returns the number of a protocol name in any case, if it is known. */
  public static OptionalInt numberOf(String name) {
    String lower = Ascii.toLowerCase(name);
    Integer number = NAMES.get(lower);
    if (number == null) {
      number = ALIASES.get(lower);
    }
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }
}
