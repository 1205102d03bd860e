package dev.packetpath.nftables;

import static dev.packetpath.nftables.NftHost.filter;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which tables switch connection tracking on (nft_ct_get_init, nft_nat_init, Linux 6.18). */
final class NftTableTest {
  private static final Expression STATE = new Expression.Ct("state");
  private static final Expression MARK = new Expression.Meta("mark");
  private static final ImmutableList<Statement.Case> CASES =
      ImmutableList.of(
          new Statement.Case(new Expression.Word("established"), new ChainVerdict.Accept()));

  private static boolean needsConntrack(Statement statement) {
    return filter(Hook.FORWARD, List.of(NftRule.of(statement))).needsConntrack();
  }

  private static Statement is(Expression left) {
    return new Statement.Match(Statement.Comparison.EQUAL, left, new Expression.Word("new"));
  }

  static Stream<Statement> ofConnections() {
    return Stream.of(
        is(STATE),
        is(new Expression.Bitwise(Expression.Operator.AND, STATE, 1)),
        is(new Expression.Concat(ImmutableList.of(MARK, STATE))),
        new Statement.VerdictByCase(STATE, CASES),
        new Statement.VerdictByMap(new Expression.Concat(ImmutableList.of(STATE, MARK)), "states"),
        new Statement.Update("seen", STATE),
        new Statement.Masquerade(false),
        new Statement.Dnat(IpAddress.parse("10.0.0.1"), 80));
  }

  @ParameterizedTest
  @MethodSource("ofConnections")
  void aTableThatAsksForConnectionsNeedsThemWhereverItAsks(Statement statement) {
    assertThat(needsConntrack(statement)).isTrue();
  }

  static Stream<Statement> ofPacketsAlone() {
    return Stream.of(
        is(MARK),
        is(new Expression.Concat(ImmutableList.of(MARK, new Expression.Meta("l4proto")))),
        new Statement.VerdictByCase(MARK, CASES),
        new Statement.Update("seen", new Expression.Payload("ip", "saddr")),
        new Statement.Reject(),
        new Statement.Conclude(new ChainVerdict.Accept()));
  }

  @ParameterizedTest
  @MethodSource("ofPacketsAlone")
  void aTableThatGoesByPacketsAloneDoesNot(Statement statement) {
    assertThat(needsConntrack(statement)).isFalse();
  }
}
