package dev.packetpath.core.net;

import static java.util.Map.entry;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
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
              entry("ethernet", 143),
              entry("mptcp", 262)));

  /** The two names of 0, neither of which is printed. */
  private static final ImmutableMap<String, Integer> NAMES_OF_NONE =
      ImmutableMap.of("ip", 0, "hopopt", 0);

  /** Names that iptables knows besides. */
  private static final ImmutableMap<String, Integer> OWN_NAMES =
      ImmutableMap.of("icmpv6", 58, "ipv6-mh", 135, "mh", 135);

  /** Aliases that are not the name in capitals. */
  private static final ImmutableMap<String, Integer> OTHER_ALIASES =
      ImmutableMap.<String, Integer>builder()
          .put("IP-ENCAP", 4)
          .put("IPv6", 41)
          .put("IPv6-Route", 43)
          .put("IPv6-Frag", 44)
          .put("IPSEC-ESP", 50)
          .put("IPSEC-AH", 51)
          .put("IPv6-ICMP", 58)
          .put("IPv6-NoNxt", 59)
          .put("IPv6-Opts", 60)
          .put("CPHB", 73)
          .put("OSPFIGP", 89)
          .put("Mobility-Header", 135)
          .put("UDPLite", 136)
          .put("MPLS-in-IP", 137)
          .put("Shim6", 140)
          .put("Ethernet", 143)
          .buildOrThrow();

  /** Protocols whose name in capitals is no alias. */
  private static final ImmutableSet<Integer> WITHOUT_CAPITALS =
      ImmutableSet.of(4, 41, 43, 44, 50, 51, 58, 59, 60, 89, 135, 136, 137, 138, 140, 143);

  private ProtocolNames() {}

  /** Returns the name of a protocol, or its number where it has none. */
  public static String nameOf(int protocol) {
    String name = NAMES.inverse().get(protocol);
    return name == null ? Integer.toString(protocol) : name;
  }

  /**
   * Returns the number of a name in any case, also of the names that iptables itself knows, but of
   * no alias: what {@code iptables -p} takes. That of mptcp is 262.
   */
  public static OptionalInt numberOf(String name) {
    return find(Ascii.toLowerCase(name), NAMES, NAMES_OF_NONE, OWN_NAMES);
  }

  /**
   * Returns the number of a name or an alias in exactly this case, as getprotobyname does. That of
   * mptcp is 262.
   */
  public static OptionalInt exactNumberOf(String name) {
    OptionalInt number = find(name, NAMES, NAMES_OF_NONE, OTHER_ALIASES);
    if (number.isPresent() || !name.equals(Ascii.toUpperCase(name))) {
      return number;
    }
    OptionalInt capitals = find(Ascii.toLowerCase(name), NAMES, NAMES_OF_NONE);
    boolean alias = capitals.isPresent() && !WITHOUT_CAPITALS.contains(capitals.getAsInt());
    return alias ? capitals : OptionalInt.empty();
  }

  /** Returns the number of one of iptables' own names, in exactly this case. */
  public static OptionalInt ownNumberOf(String name) {
    return find(name, OWN_NAMES);
  }

  @SafeVarargs
  private static OptionalInt find(String name, Map<String, Integer>... tables) {
    for (Map<String, Integer> table : tables) {
      Integer number = table.get(name);
      if (number != null) {
        return OptionalInt.of(number);
      }
    }
    return OptionalInt.empty();
  }
}
