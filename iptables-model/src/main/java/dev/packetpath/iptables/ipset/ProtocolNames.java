package dev.packetpath.iptables.ipset;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableBiMap;

/** Protocol names as ipset reads and prints them: those of IANA in their short Unix form. */
final class ProtocolNames {
  /** No protocol of this name. */
  static final int UNKNOWN = -1;

  private static final ImmutableBiMap<String, Integer> NAMES =
      ImmutableBiMap.<String, Integer>builder()
          .put("icmp", 1)
          .put("igmp", 2)
          .put("ggp", 3)
          .put("ipencap", 4)
          .put("st", 5)
          .put("tcp", 6)
          .put("egp", 8)
          .put("igp", 9)
          .put("pup", 12)
          .put("udp", 17)
          .put("hmp", 20)
          .put("xns-idp", 22)
          .put("rdp", 27)
          .put("iso-tp4", 29)
          .put("dccp", 33)
          .put("xtp", 36)
          .put("ddp", 37)
          .put("idpr-cmtp", 38)
          .put("ipv6", 41)
          .put("ipv6-route", 43)
          .put("ipv6-frag", 44)
          .put("idrp", 45)
          .put("rsvp", 46)
          .put("gre", 47)
          .put("esp", 50)
          .put("ah", 51)
          .put("skip", 57)
          .put("ipv6-icmp", 58)
          .put("ipv6-nonxt", 59)
          .put("ipv6-opts", 60)
          .put("rspf", 73)
          .put("vmtp", 81)
          .put("eigrp", 88)
          .put("ospf", 89)
          .put("ax.25", 93)
          .put("ipip", 94)
          .put("etherip", 97)
          .put("encap", 98)
          .put("pim", 103)
          .put("ipcomp", 108)
          .put("vrrp", 112)
          .put("l2tp", 115)
          .put("isis", 124)
          .put("sctp", 132)
          .put("fc", 133)
          .put("mobility-header", 135)
          .put("udplite", 136)
          .put("mpls-in-ip", 137)
          .put("manet", 138)
          .put("hip", 139)
          .put("shim6", 140)
          .put("wesp", 141)
          .put("rohc", 142)
          .put("ethernet", 143)
          .put("mptcp", 262)
          .buildOrThrow();

  private ProtocolNames() {}

  /** Returns the number of a protocol, whatever the case of its name, or {@link #UNKNOWN}. */
  static int find(String name) {
    String lower = Ascii.toLowerCase(name);
    return NAMES.getOrDefault(lower.equals("icmpv6") ? "ipv6-icmp" : lower, UNKNOWN);
  }

  /** Returns the name of a protocol, or its number. */
  static String print(int protocol) {
    return NAMES.inverse().getOrDefault(protocol, Integer.toString(protocol));
  }
}
