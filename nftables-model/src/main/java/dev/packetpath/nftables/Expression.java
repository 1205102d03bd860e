package dev.packetpath.nftables;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpPrefix;

/** What a rule looks at or compares with. */
public sealed interface Expression {
  /** Returns whether this asks for the packet's connection. */
  default boolean needsConntrack() {
    return false;
  }

  /**
   * A field of a header.
   *
   * @param protocol the header: ip, ip6, tcp, udp, sctp, or th for any with ports
   * @param field the field, such as daddr
   */
  record Payload(String protocol, String field) implements Expression {}

  /**
   * Something about the packet that no header holds.
   *
   * @param key what, such as mark or l4proto
   */
  record Meta(String key) implements Expression {}

  /**
   * Something about the packet's connection.
   *
   * @param key what, such as state
   */
  record Ct(String key) implements Expression {
    @Override
    public boolean needsConntrack() {
      return true;
    }
  }

  /**
   * The type of an address, by the routing tables.
   *
   * @param address saddr or daddr
   */
  record FibType(String address) implements Expression {}

  /**
   * A random number.
   *
   * @param modulus how many there are, from 0
   */
  record Random(long modulus) implements Expression {}

  /**
   * Several, side by side.
   *
   * @param parts these
   */
  record Concat(ImmutableList<Expression> parts) implements Expression {
    @Override
    public boolean needsConntrack() {
      return parts.stream().anyMatch(Expression::needsConntrack);
    }
  }

  /**
   * A packet's field with some bits changed.
   *
   * @param operator how
   * @param left the field
   * @param bits the other side
   */
  record Bitwise(Operator operator, Expression left, long bits) implements Expression {
    @Override
    public boolean needsConntrack() {
      return left.needsConntrack();
    }
  }

  /** How bits are changed. */
  enum Operator {
    /** Kept where the other side has them. */
    AND("&", "and"),
    /** Set where the other side has them. */
    OR("|", "or"),
    /** Turned where the other side has them. */
    XOR("^", "xor");

    private final String json;
    private final String text;

    Operator(String json, String text) {
      this.json = json;
      this.text = text;
    }

    String json() {
      return json;
    }

    String text() {
      return text;
    }
  }

  /**
   * A word or an address.
   *
   * @param text it
   */
  record Word(String text) implements Expression {}

  /**
   * A number.
   *
   * @param value it
   */
  record Count(long value) implements Expression {}

  /**
   * An element of a set that does not stay.
   *
   * @param key the element
   * @param seconds how long it stays, 0 to 4,294,967,295
   */
  record Expiring(Expression key, long seconds) implements Expression {
    /** The longest that an element may stay, in seconds. */
    static final long MOST_SECONDS = 0xffff_ffffL;

    /**
     * Creates an element.
     *
     * @throws IllegalArgumentException if it stays less than no time, or too long
     */
    public Expiring {
      checkArgument(seconds >= 0 && seconds <= MOST_SECONDS, "%s seconds", seconds);
    }
  }

  /**
   * An address range.
   *
   * @param prefix it
   */
  record Range(IpPrefix prefix) implements Expression {}

  /**
   * A set without a name.
   *
   * @param elements what is in it
   */
  record AnyOf(ImmutableList<Expression> elements) implements Expression {}

  /**
   * A set with a name.
   *
   * @param set the name, without @
   */
  record InSet(String set) implements Expression {}
}
