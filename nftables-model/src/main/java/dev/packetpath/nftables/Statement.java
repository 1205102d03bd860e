package dev.packetpath.nftables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;

/** One part of a rule: a test, or something that is done. */
public sealed interface Statement {
  /**
   * Returns whether a rule with this statement switches connection tracking on (nft_ct_get_init,
   * nft_nat_init and nft_masq_init, Linux 6.18).
   */
  default boolean needsConntrack() {
    return false;
  }

  /**
   * A test; the rule ends here where it fails.
   *
   * @param operator how the sides are compared
   * @param left what is looked at
   * @param right what it is compared with
   */
  record Match(Comparison operator, Expression left, Expression right) implements Statement {
    @Override
    public boolean needsConntrack() {
      return left.needsConntrack();
    }
  }

  /** How the sides of a test are compared. */
  enum Comparison {
    /** They are equal, or the left one is in the set at the right. */
    EQUAL("==", ""),
    /** They are not. */
    NOT_EQUAL("!=", "!= "),
    /** The left one has one of the bits at the right. */
    IN("in", "");

    private final String json;
    private final String text;

    Comparison(String json, String text) {
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
   * A verdict looked up in a map with a name.
   *
   * @param key what is looked up
   * @param map the map's name, without @
   */
  record VerdictByMap(Expression key, String map) implements Statement {
    @Override
    public boolean needsConntrack() {
      return key.needsConntrack();
    }
  }

  /**
   * A verdict looked up in a map without a name.
   *
   * @param key what is looked up
   * @param cases the verdicts
   */
  record VerdictByCase(Expression key, ImmutableList<Case> cases) implements Statement {
    @Override
    public boolean needsConntrack() {
      return key.needsConntrack();
    }
  }

  /**
   * An entry of a map.
   *
   * @param key the key
   * @param verdict what it leads to
   */
  record Case(Expression key, ChainVerdict verdict) {}

  /**
   * A verdict.
   *
   * @param verdict it
   */
  record Conclude(ChainVerdict verdict) implements Statement {}

  /** Drops the packet and tells its sender: port unreachable. */
  record Reject() implements Statement {}

  /**
   * Changes the packet's mark.
   *
   * @param operator how
   * @param bits the other side
   */
  record SetMark(Expression.Operator operator, long bits) implements Statement {}

  /**
   * Gives the connection the address of the device it leaves by as source.
   *
   * @param fullyRandom whether the port is drawn at random
   */
  record Masquerade(boolean fullyRandom) implements Statement {
    @Override
    public boolean needsConntrack() {
      return true;
    }
  }

  /**
   * Gives the connection another destination.
   *
   * @param address the address
   * @param port the port
   */
  record Dnat(IpAddress address, int port) implements Statement {
    @Override
    public boolean needsConntrack() {
      return true;
    }
  }

  /**
   * Puts something in a set, or makes it stay longer.
   *
   * @param set the set's name, without @
   * @param key what is put in
   */
  record Update(String set, Expression key) implements Statement {
    @Override
    public boolean needsConntrack() {
      return key.needsConntrack();
    }
  }
}
