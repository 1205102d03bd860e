package dev.packetpath.nftables;

import static dev.packetpath.nftables.NftHost.chain;
import static dev.packetpath.nftables.NftHost.filter;
import static dev.packetpath.nftables.NftHost.udp;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.nftables.ChainVerdict.Accept;
import dev.packetpath.nftables.ChainVerdict.Drop;
import dev.packetpath.nftables.ChainVerdict.GoTo;
import dev.packetpath.nftables.Expression.Concat;
import dev.packetpath.nftables.Expression.Count;
import dev.packetpath.nftables.Expression.InSet;
import dev.packetpath.nftables.Expression.Meta;
import dev.packetpath.nftables.Expression.Payload;
import dev.packetpath.nftables.Expression.Word;
import dev.packetpath.nftables.Statement.Case;
import dev.packetpath.nftables.Statement.Comparison;
import dev.packetpath.nftables.Statement.Conclude;
import dev.packetpath.nftables.Statement.Match;
import dev.packetpath.nftables.Statement.VerdictByMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sets and maps in use. */
final class NftSetsTest {
  private static final Statement DROP = new Conclude(new Drop());
  private static final Expression SOURCE = new Payload("ip", "saddr");
  private static final Expression DESTINATION = new Payload("ip", "daddr");
  private static final Expression PORT = new Payload("th", "dport");
  private static final Expression PROTOCOL = new Meta("l4proto");

  private static Expression word(String text) {
    return new Word(text);
  }

  private static Statement is(Expression left, Expression right) {
    return new Match(Comparison.EQUAL, left, right);
  }

  private static Packet packet() {
    return udp("10.0.1.2", 1000, "10.0.2.2", 53);
  }

  private static NftHost forward(List<NftRule> rules, Object... others) {
    return new NftHost(filter(Hook.FORWARD, rules, others));
  }

  @Test
  void aVerdictMapLeadsOnOrTheRuleEnds() {
    Expression key = new Concat(ImmutableList.of(DESTINATION, PROTOCOL, PORT));
    NftSet map =
        NftSet.map(
            "m",
            ImmutableList.of("ipv4_addr", "inet_proto", "inet_service"),
            ImmutableList.of(
                new Case(key("10.0.2.2", "udp", 53), new GoTo("closed")),
                new Case(key("10.0.2.2", "tcp", 53), new Drop()),
                new Case(key("10.0.2.3", "udp", 53), new Accept())));
    NftHost host =
        forward(
            List.of(
                NftRule.of(new VerdictByMap(key, "m")), NftRule.of(is(PORT, new Count(54)), DROP)),
            map,
            chain("closed", NftRule.of(DROP)));
    assertThat(host.passes(packet())).isFalse();
    assertThat(host.passes(udp("10.0.1.2", 1, "10.0.2.3", 53))).isTrue();
    assertThat(host.passes(udp("10.0.1.2", 1, "10.0.2.4", 53))).isTrue();
    assertThat(host.passes(udp("10.0.1.2", 1, "10.0.2.4", 54))).isFalse();
    assertThat(host.host.work().toMap()).containsEntry("nftMapLookup", 4L);
  }

  private static Expression key(String address, String protocol, int port) {
    return new Concat(ImmutableList.of(word(address), word(protocol), new Count(port)));
  }

  @Test
  void aSetKeepsWhatAPacketPutInForItsTimeout() {
    NftHost host =
        forward(
            List.of(
                NftRule.of(is(SOURCE, new InSet("seen")), DROP),
                NftRule.of(new Statement.Update("seen", SOURCE))),
            NftSet.dynamic("seen", "ipv4_addr", 10));
    assertThat(host.passes(packet())).isTrue();
    assertThat(host.passes(packet())).isFalse();
    host.clock.advanceTo(9_999_999_999L);
    assertThat(host.passes(packet())).isFalse();
    assertThat(host.passes(udp("10.0.1.3", 1, "10.0.2.2", 53))).isTrue();
    host.clock.advanceTo(10_000_000_000L);
    assertThat(host.passes(packet())).isTrue();
    host.clock.advanceTo(19_999_999_999L);
    assertThat(host.passes(packet())).isFalse();
  }

  @Test
  void anUpdateMakesAnElementStayLonger() {
    NftHost host =
        forward(
            List.of(
                NftRule.of(is(PORT, new Count(53)), new Statement.Update("seen", SOURCE)),
                NftRule.of(is(PORT, new Count(54)), is(SOURCE, new InSet("seen")), DROP)),
            NftSet.dynamic("seen", "ipv4_addr", 10));
    host.passes(packet());
    host.clock.advanceTo(8_000_000_000L);
    host.passes(packet());
    host.clock.advanceTo(17_000_000_000L);
    assertThat(host.passes(udp("10.0.1.2", 1, "10.0.2.2", 54))).isFalse();
    host.clock.advanceTo(18_000_000_000L);
    assertThat(host.passes(udp("10.0.1.2", 2, "10.0.2.2", 54))).isTrue();
  }
}
