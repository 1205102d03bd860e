package dev.packetpath.iptables;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpFamily;

/**
 * How many bytes a rule takes in the kernel's table, where rules lie one behind the other: an entry
 * with its header and counters, its matches and its target.
 *
 * <p>Source: sizes of the structures of Linux 6.1's include/uapi/linux/netfilter, x86-64, each
 * aligned to 8 bytes (XT_ALIGN), in the revision that iptables 1.8.9 sends.
 */
public final class EntrySize {
  private static final int ENTRY = 112;
  private static final int ENTRY6 = 168;

  /** struct xt_entry_match, and as much for a target. */
  private static final int HEAD = 32;

  private static final int STANDARD_TARGET = 40;
  private static final int ALIGNMENT = 8;

  /** What matches that are not listed are taken to need. */
  private static final int USUAL = 16;

  private static final ImmutableMap<String, Integer> MATCHES =
      ImmutableMap.<String, Integer>builder()
          .put("addrtype", 8)
          .put("ah", 12)
          .put("cluster", 16)
          .put("comment", 256)
          .put("connbytes", 24)
          .put("connlabel", 4)
          .put("connlimit", 32)
          .put("connmark", 12)
          .put("conntrack", 164)
          .put("dccp", 16)
          .put("devgroup", 20)
          .put("dscp", 2)
          .put("dst", 40)
          .put("ecn", 4)
          .put("esp", 12)
          .put("frag", 16)
          .put("hashlimit", 312)
          .put("hbh", 40)
          .put("helper", 36)
          .put("hl", 2)
          .put("icmp", 4)
          .put("icmp6", 4)
          .put("iprange", 68)
          .put("ipv6header", 3)
          .put("ipvs", 40)
          .put("length", 6)
          .put("limit", 40)
          .put("mac", 12)
          .put("mark", 12)
          .put("mh", 3)
          .put("multiport", 48)
          .put("owner", 20)
          .put("physdev", 66)
          .put("pkttype", 8)
          .put("policy", 308)
          .put("quota", 24)
          .put("realm", 12)
          .put("recent", 228)
          .put("rpfilter", 1)
          .put("rt", 280)
          .put("sctp", 292)
          .put("set", 48)
          .put("state", 4)
          .put("statistic", 24)
          .put("string", 160)
          .put("tcp", 12)
          .put("tcpmss", 6)
          .put("time", 24)
          .put("tos", 3)
          .put("ttl", 2)
          .put("u32", 1984)
          .put("udp", 10)
          .buildOrThrow();

  private static final ImmutableMap<String, Integer> TARGETS =
      ImmutableMap.<String, Integer>builder()
          .put("AUDIT", 1)
          .put("CHECKSUM", 1)
          .put("CLASSIFY", 4)
          .put("CONNMARK", 16)
          .put("CONNSECMARK", 1)
          .put("CT", 72)
          .put("DNAT", 20)
          .put("DSCP", 1)
          .put("ECN", 3)
          .put("IDLETIMER", 40)
          .put("LOG", 32)
          .put("MARK", 8)
          .put("MASQUERADE", 20)
          .put("NETMAP", 20)
          .put("NFLOG", 76)
          .put("NFQUEUE", 6)
          .put("NOTRACK", 0)
          .put("REDIRECT", 20)
          .put("REJECT", 4)
          .put("SECMARK", 264)
          .put("SET", 20)
          .put("SNAT", 20)
          .put("TCPMSS", 2)
          .put("TCPOPTSTRIP", 32)
          .put("TEE", 40)
          .put("TOS", 2)
          .put("TPROXY", 28)
          .put("TRACE", 0)
          .buildOrThrow();

  private EntrySize() {}

  /** Returns the bytes of a rule in a table of a family. */
  public static int of(Rule rule, IpFamily family) {
    int bytes = family == IpFamily.IPV4 ? ENTRY : ENTRY6;
    for (Match match : rule.matches()) {
      bytes += HEAD + aligned(MATCHES.getOrDefault(match.name(), USUAL));
    }
    return bytes
        + (rule.action() instanceof RuleAction.Extension extension
            ? HEAD + aligned(TARGETS.getOrDefault(extension.target().name(), USUAL))
            : STANDARD_TARGET);
  }

  /** Returns the bytes of a chain's rules, without the chain's own entries at its two ends. */
  public static long of(Chain chain, IpFamily family) {
    return chain.rules().stream().mapToLong(rule -> of(rule, family)).sum();
  }

  private static int aligned(int bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
