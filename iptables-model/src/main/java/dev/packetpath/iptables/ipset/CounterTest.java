package dev.packetpath.iptables.ipset;

/**
 * A comparison with a counter of the element that a packet hit, such as {@code --packets-gt 10}.
 *
 * <p>Source: net/netfilter/ipset/ip_set_core.c, ip_set_match_counter, Linux 6.1.
 *
 * @param operator how to compare
 * @param value what with, unsigned
 */
public record CounterTest(Operator operator, long value) {
  /** No comparison. */
  public static final CounterTest NONE = new CounterTest(Operator.NONE, 0);

  /** How a counter is compared. */
  public enum Operator {
    /** Not at all. */
    NONE,
    /** Equal. */
    EQ,
    /** Not equal. */
    NE,
    /** Less than. */
    LT,
    /** Greater than. */
    GT
  }

  boolean holds(long counter) {
    return switch (operator) {
      case NONE -> true;
      case EQ -> counter == value;
      case NE -> counter != value;
      case LT -> Long.compareUnsigned(counter, value) < 0;
      case GT -> Long.compareUnsigned(counter, value) > 0;
    };
  }
}
