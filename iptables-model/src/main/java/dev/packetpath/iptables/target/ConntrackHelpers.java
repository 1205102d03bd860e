package dev.packetpath.iptables.target;

import com.google.common.collect.ImmutableSetMultimap;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.iptables.RulePlace;

/**
 * The connection tracking helpers of the kernel, with the protocols that each knows (net/netfilter/
 * nf_conntrack_*.c, Linux 6.1). A helper that user space adds is not among them.
 */
final class ConntrackHelpers {
  private static final ImmutableSetMultimap<String, Integer> PROTOCOLS =
      ImmutableSetMultimap.<String, Integer>builder()
          .put("ftp", IpProtocol.TCP)
          .put("sane", IpProtocol.TCP)
          .putAll("sip", IpProtocol.TCP, IpProtocol.UDP)
          .put("amanda", IpProtocol.UDP)
          .put("tftp", IpProtocol.UDP)
          .put("RAS", IpProtocol.UDP)
          .put("Q.931", IpProtocol.TCP)
          .put("H.245", IpProtocol.UDP)
          .build();
  private static final ImmutableSetMultimap<String, Integer> IPV4_PROTOCOLS =
      ImmutableSetMultimap.<String, Integer>builder()
          .putAll(PROTOCOLS)
          .put("irc", IpProtocol.TCP)
          .put("pptp", IpProtocol.TCP)
          .put("netbios-ns", IpProtocol.UDP)
          .put("snmp", IpProtocol.UDP)
          .put("snmp_trap", IpProtocol.UDP)
          .build();

  private ConntrackHelpers() {}

  /** Returns whether there is a helper of this name for the protocol that a rule asks for. */
  static boolean exists(String name, RulePlace place) {
    ImmutableSetMultimap<String, Integer> helpers =
        place.family() == IpFamily.IPV4 ? IPV4_PROTOCOLS : PROTOCOLS;
    return helpers.get(name).stream().anyMatch(place::hasProtocol);
  }

  /** Returns what a rule may name. */
  static String expected(IpFamily family) {
    return "one of "
        + (family == IpFamily.IPV4 ? IPV4_PROTOCOLS : PROTOCOLS).keySet()
        + " in a rule with -p of its protocol, not inverted";
  }
}
