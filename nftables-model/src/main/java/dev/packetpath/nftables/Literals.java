package dev.packetpath.nftables;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import java.util.function.Predicate;

/** The values that rules compare with, equal to those that {@link Field} reads. */
final class Literals {
  private static final ImmutableMap<String, Long> PROTOCOLS =
      ImmutableMap.of(
          "tcp", (long) IpProtocol.TCP,
          "udp", (long) IpProtocol.UDP,
          "sctp", (long) IpProtocol.SCTP,
          "icmp", (long) IpProtocol.ICMP,
          "ipv6-icmp", (long) IpProtocol.ICMPV6);

  private Literals() {}

  /** Returns the value of a key. */
  static Object value(Expression expression) {
    if (expression instanceof Expression.Count number) {
      return number.value();
    }
    if (expression instanceof Expression.Word word) {
      Long protocol = PROTOCOLS.get(word.text());
      if (protocol != null) {
        return protocol;
      }
      return IpAddress.isAddress(word.text()) ? IpAddress.parse(word.text()) : word.text();
    }
    if (expression instanceof Expression.Concat concat) {
      return concat.parts().stream().map(Literals::value).toList();
    }
    throw new NftJsonException("key " + expression, "one that is modelled");
  }

  /** Returns the test that a value is the right side's, or in it. */
  static Predicate<Object> test(Expression right) {
    if (right instanceof Expression.Range range) {
      IpPrefix prefix = range.prefix();
      return value -> value instanceof IpAddress address && prefix.contains(address);
    }
    if (right instanceof Expression.AnyOf set) {
      return set.elements().stream().map(Literals::test).reduce(value -> false, Predicate::or);
    }
    if (right instanceof Expression.Word word && word.text().endsWith("*")) {
      String start = word.text().substring(0, word.text().length() - 1);
      return value -> value.toString().startsWith(start);
    }
    Object expected = value(right);
    return expected::equals;
  }
}
