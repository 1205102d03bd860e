package dev.packetpath.cli;

import dev.packetpath.core.net.IpFamily;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out whether a text is of iptables-save or of ip6tables-save. */
final class RulesFamily {
  private static final Pattern V4_ADDRESS = Pattern.compile(" -[sd] \\d+\\.\\d+\\.\\d+\\.\\d+");
  private static final Pattern V6_ADDRESS = Pattern.compile(" -[sd] [0-9a-fA-F]*:[0-9a-fA-F:.]*");
  private static final Pattern V6_WORD = Pattern.compile("-p (ipv6-icmp|icmpv6)|icmp6-");
  private static final Pattern V4_WORD = Pattern.compile("-p icmp |icmp-port-unreachable");

  private RulesFamily() {}

  /** Returns the family that most addresses have, or else words tell, if any do. */
  static Optional<IpFamily> of(String text) {
    int addresses = Integer.compare(count(V4_ADDRESS, text), count(V6_ADDRESS, text));
    int words = Integer.compare(count(V4_WORD, text), count(V6_WORD, text));
    int sign = addresses != 0 ? addresses : words;
    return sign == 0 ? Optional.empty() : Optional.of(sign > 0 ? IpFamily.IPV4 : IpFamily.IPV6);
  }

  private static int count(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    int found = 0;
    while (matcher.find()) {
      found++;
    }
    return found;
  }
}
