package dev.packetpath.bench;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rule sets that give a compiler nothing to gain. */
final class AdversarialRules {
  private static final int LENGTHS = 32;

  private AdversarialRules() {}

  /**
   * Returns a table in which no two rules fix the same bits of the header: each has lengths of
   * source and destination prefix, protocol and kinds of ports of its own.
   */
  static String ownTuples(int count) {
    List<FilterRule> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = i / (LENGTHS * LENGTHS);
      PortBounds port = PortBounds.exactly(1 + i % 60_000);
      rules.add(
          new FilterRule(
              prefix(i, 1 + i % LENGTHS),
              false,
              prefix(~i, 1 + i / LENGTHS % LENGTHS),
              false,
              (kind & 1) == 0 ? IpProtocol.TCP : IpProtocol.UDP,
              (kind & 2) == 0 ? PortBounds.ANY : port,
              (kind & 4) == 0 ? port : PortBounds.ANY,
              false));
    }
    return FilterRule.table(rules);
  }

  private static IpPrefix prefix(int bits, int length) {
    return IpPrefix.of(IpAddress.ipv4(0x8000_0000 | ((bits * 0x9e37_79b1) >>> 1)), length);
  }

  /** Returns a table whose rules all remember how often they were asked, and say yes to few. */
  static String withState(int count) {
    String start = "-A FORWARD -m statistic --mode nth --every " + count + " --packet ";
    return FilterRule.tableOf(
        IntStream.range(0, count).mapToObj(packet -> start + packet + " -j ACCEPT"));
  }
}
