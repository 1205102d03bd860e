package dev.packetpath.iptables.syntax;

import com.google.common.base.CharMatcher;
import dev.packetpath.iptables.Counters;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the counters of rules and policies. */
final class CounterText {
  private static final CharMatcher DIGIT = CharMatcher.inRange('0', '9');
  private static final BigInteger MAX =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

  private CounterText() {}

  /** Returns what {@code [packets:bytes]} holds, nothing if it is not of that form. */
  static Optional<Counters> counters(String text) {
    int colon = text.indexOf(':');
    if (colon < 0 || !text.startsWith("[") || !text.endsWith("]")) {
      return Optional.empty();
    }
    OptionalLong packets = number(text.substring(1, colon));
    OptionalLong bytes = number(text.substring(colon + 1, text.length() - 1));
    return packets.isEmpty() || bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(new Counters(packets.getAsLong(), bytes.getAsLong()));
  }

  /**
   * Returns the 64 unsigned bits that a text holds: as strtoull(3) reads it, a minus sign negates
   * them, and a number that is too large becomes the largest.
   */
  static OptionalLong number(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    if (digits.isEmpty() || !DIGIT.matchesAllOf(digits)) {
      long other = Numbers.parse(text);
      return other < 0 ? OptionalLong.empty() : OptionalLong.of(other);
    }
    if (digits.length() < 19) {
      long value = Long.parseLong(digits);
      return OptionalLong.of(negative ? -value : value);
    }
    BigInteger value = new BigInteger(digits).min(MAX);
    return OptionalLong.of((negative ? value.negate() : value).longValue());
  }
}
