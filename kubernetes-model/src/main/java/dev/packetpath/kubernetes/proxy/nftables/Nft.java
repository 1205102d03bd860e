package dev.packetpath.kubernetes.proxy.nftables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.nftables.ChainVerdict;
import dev.packetpath.nftables.Expression;
import dev.packetpath.nftables.NftRule;
import dev.packetpath.nftables.Statement;
import java.util.List;

/** The words of kube-proxy's rules, for one family. */
record Nft(IpFamily family) {
  static final Expression L4_PROTOCOL = new Expression.Meta("l4proto");
  static final Expression DESTINATION_PORT = new Expression.Payload("th", "dport");

  Expression source() {
    return address("saddr");
  }

  Expression destination() {
    return address("daddr");
  }

  private Expression address(String field) {
    return new Expression.Payload(family == IpFamily.IPV4 ? "ip" : "ip6", field);
  }

  /** Returns what a Service's address is found by. */
  Expression serviceKey() {
    return new Expression.Concat(ImmutableList.of(destination(), L4_PROTOCOL, DESTINATION_PORT));
  }

  /** Returns what a node port is found by. */
  Expression nodePortKey() {
    return new Expression.Concat(ImmutableList.of(L4_PROTOCOL, DESTINATION_PORT));
  }

  String addressType() {
    return family == IpFamily.IPV4 ? "ipv4_addr" : "ipv6_addr";
  }

  static Statement equal(Expression left, Expression right) {
    return new Statement.Match(Statement.Comparison.EQUAL, left, right);
  }

  static Statement notEqual(Expression left, Expression right) {
    return new Statement.Match(Statement.Comparison.NOT_EQUAL, left, right);
  }

  static Expression word(Object text) {
    return new Expression.Word(text.toString());
  }

  /**
   * Returns the right side of a test that an address is in one of some ranges. nft keeps those
   * alone that lie in no other one, and makes no set for a single one.
   */
  static Expression oneOf(List<IpPrefix> ranges) {
    ImmutableList<Expression> parts =
        ranges.stream()
            .distinct()
            .filter(range -> ranges.stream().noneMatch(other -> isWider(other, range)))
            .map(Nft::range)
            .collect(ImmutableList.toImmutableList());
    return parts.size() == 1 ? parts.get(0) : new Expression.AnyOf(parts);
  }

  private static boolean isWider(IpPrefix prefix, IpPrefix than) {
    return prefix.length() < than.length() && prefix.contains(than.address());
  }

  static Expression range(IpPrefix prefix) {
    return prefix.length() == prefix.family().bits()
        ? word(prefix.address())
        : new Expression.Range(prefix);
  }

  static Statement jump(String chain) {
    return new Statement.Conclude(new ChainVerdict.Jump(chain));
  }

  static Statement goTo(String chain) {
    return new Statement.Conclude(new ChainVerdict.GoTo(chain));
  }

  static Statement drop() {
    return new Statement.Conclude(new ChainVerdict.Drop());
  }

  /** Returns the test that a packet comes from, or is for, this node. */
  static Statement isLocal(String address) {
    return equal(new Expression.FibType(address), word("local"));
  }

  static NftRule onlyNew(String chain) {
    return NftRule.of(
        new Statement.Match(Statement.Comparison.IN, new Expression.Ct("state"), word("new")),
        jump(chain));
  }

  static Statement.Case at(IpAddress address, Object protocol, int port, ChainVerdict verdict) {
    return new Statement.Case(
        new Expression.Concat(
            ImmutableList.of(word(address), word(protocol), new Expression.Count(port))),
        verdict);
  }

  static Statement.Case at(Object protocol, int port, ChainVerdict verdict) {
    return new Statement.Case(
        new Expression.Concat(ImmutableList.of(word(protocol), new Expression.Count(port))),
        verdict);
  }
}
