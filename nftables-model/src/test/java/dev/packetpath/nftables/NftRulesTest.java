package dev.packetpath.nftables;

import static dev.packetpath.nftables.NftHost.chain;
import static dev.packetpath.nftables.NftHost.filter;
import static dev.packetpath.nftables.NftHost.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.net.ProtocolNames;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.nftables.ChainVerdict.Accept;
import dev.packetpath.nftables.ChainVerdict.Drop;
import dev.packetpath.nftables.ChainVerdict.GoTo;
import dev.packetpath.nftables.ChainVerdict.Jump;
import dev.packetpath.nftables.ChainVerdict.Return;
import dev.packetpath.nftables.Expression.AnyOf;
import dev.packetpath.nftables.Expression.Bitwise;
import dev.packetpath.nftables.Expression.Count;
import dev.packetpath.nftables.Expression.Ct;
import dev.packetpath.nftables.Expression.FibType;
import dev.packetpath.nftables.Expression.InSet;
import dev.packetpath.nftables.Expression.Meta;
import dev.packetpath.nftables.Expression.Operator;
import dev.packetpath.nftables.Expression.Payload;
import dev.packetpath.nftables.Expression.Range;
import dev.packetpath.nftables.Expression.Word;
import dev.packetpath.nftables.Statement.Comparison;
import dev.packetpath.nftables.Statement.Conclude;
import dev.packetpath.nftables.Statement.Match;
import dev.packetpath.nftables.Statement.SetMark;
import dev.packetpath.nftables.Statement.VerdictByMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each statement and expression does with a packet. */
final class NftRulesTest {
  private static final Statement DROP = new Conclude(new Drop());
  private static final Statement ACCEPT = new Conclude(new Accept());
  private static final Statement RETURN = new Conclude(new Return());
  private static final Expression SOURCE = new Payload("ip", "saddr");
  private static final Expression DESTINATION = new Payload("ip", "daddr");
  private static final Expression PORT = new Payload("th", "dport");
  private static final Expression PROTOCOL = new Meta("l4proto");

  private static Statement jump(String chain) {
    return new Conclude(new Jump(chain));
  }

  private static Statement goTo(String chain) {
    return new Conclude(new GoTo(chain));
  }

  private static Statement is(Expression left, Expression right) {
    return new Match(Comparison.EQUAL, left, right);
  }

  private static Statement isNot(Expression left, Expression right) {
    return new Match(Comparison.NOT_EQUAL, left, right);
  }

  private static Expression word(String text) {
    return new Word(text);
  }

  private static Packet packet() {
    return udp("10.0.1.2", 1000, "10.0.2.2", 53);
  }

  private static NftHost forward(List<NftRule> rules, Object... others) {
    return new NftHost(filter(Hook.FORWARD, rules, others));
  }

  private static Stream<Arguments> walks() {
    NftRule drop = NftRule.of(DROP);
    NftRule accept = NftRule.of(ACCEPT);
    return Stream.of(
        Arguments.of("no rule: the policy accepts", true, List.of(), List.of()),
        Arguments.of("drop", false, List.of(drop), List.of()),
        Arguments.of("accept ends the base chain", true, List.of(accept, drop), List.of()),
        Arguments.of(
            "return ends the base chain with its policy",
            true,
            List.of(NftRule.of(RETURN), drop),
            List.of()),
        Arguments.of(
            "a jump comes back", false, List.of(NftRule.of(jump("a")), drop), List.of(chain("a"))),
        Arguments.of(
            "a jump comes back by return",
            false,
            List.of(NftRule.of(jump("a")), drop),
            List.of(chain("a", NftRule.of(RETURN), accept))),
        Arguments.of(
            "a goto does not come back",
            true,
            List.of(NftRule.of(goTo("a")), drop),
            List.of(chain("a"))),
        Arguments.of(
            "a goto behind a jump comes back behind the jump",
            false,
            List.of(NftRule.of(jump("a")), drop),
            List.of(chain("a", NftRule.of(goTo("b")), accept), chain("b"))),
        Arguments.of(
            "accept in a chain that was jumped to ends the base chain",
            true,
            List.of(NftRule.of(jump("a")), drop),
            List.of(chain("a", accept))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("walks")
  void chainsAreWalked(String what, boolean passes, List<NftRule> rules, List<NftChain> chains) {
    assertThat(forward(rules, chains.toArray()).passes(packet())).isEqualTo(passes);
  }

  private static Stream<Arguments> tests() {
    return Stream.of(
        Arguments.of(is(SOURCE, word("10.0.1.2")), true),
        Arguments.of(is(SOURCE, word("10.0.1.3")), false),
        Arguments.of(isNot(SOURCE, word("10.0.1.3")), true),
        Arguments.of(is(DESTINATION, new Range(IpPrefix.parse("10.0.2.0/24"))), true),
        Arguments.of(isNot(DESTINATION, new Range(IpPrefix.parse("10.0.2.0/24"))), false),
        Arguments.of(is(DESTINATION, new Range(IpPrefix.parse("10.0.3.0/24"))), false),
        Arguments.of(is(PORT, new Count(53)), true),
        Arguments.of(is(new Payload("udp", "dport"), new Count(53)), true),
        Arguments.of(is(new Payload("tcp", "dport"), new Count(53)), false),
        Arguments.of(isNot(new Payload("tcp", "dport"), new Count(99)), false),
        Arguments.of(is(new Payload("sctp", "dport"), new Count(53)), false),
        Arguments.of(is(PROTOCOL, word("udp")), true),
        Arguments.of(is(PROTOCOL, word("tcp")), false),
        Arguments.of(is(new Meta("iifname"), word("eth0")), true),
        Arguments.of(is(new Meta("iifname"), word("eth*")), true),
        Arguments.of(isNot(new Meta("iifname"), word("cni*")), true),
        Arguments.of(is(new Meta("oifname"), word("eth1")), true),
        Arguments.of(is(new Meta("oifname"), word("eth0")), false),
        Arguments.of(is(new Meta("mark"), new Count(0)), true),
        Arguments.of(is(new FibType("saddr"), word("unicast")), true),
        Arguments.of(is(new FibType("daddr"), word("local")), false),
        Arguments.of(
            is(SOURCE, new AnyOf(ImmutableList.of(word("10.9.9.9"), word("10.0.1.2")))), true),
        Arguments.of(
            isNot(
                SOURCE,
                new AnyOf(
                    ImmutableList.of(word("10.9.9.9"), new Range(IpPrefix.parse("10.0.0.0/16"))))),
            false),
        Arguments.of(is(SOURCE, new InSet("hosts")), true),
        Arguments.of(is(DESTINATION, new InSet("hosts")), false),
        Arguments.of(isNot(DESTINATION, new InSet("hosts")), true));
  }

  @ParameterizedTest
  @MethodSource("tests")
  void aTestHoldsOrEndsTheRule(Statement test, boolean holds) {
    NftSet hosts =
        NftSet.set("hosts", "ipv4_addr", ImmutableList.of(word("10.0.1.2"), word("10.0.1.4")));
    NftHost host = forward(List.of(NftRule.of(test, DROP)), hosts);
    assertThat(host.passes(packet())).isEqualTo(!holds);
  }

  @Test
  void aPortIsWhatStandsThereInAnyHeader() {
    NftHost host = forward(List.of(NftRule.of(isNot(PORT, new Count(1)), DROP)));
    Packet ping =
        new Packet()
            .protocol(IpProtocol.ICMP)
            .addresses(IpAddress.parse("10.0.1.2"), IpAddress.parse("10.0.2.2"))
            .icmpType(8);
    assertThat(host.passes(ping)).isFalse();
    Packet esp = packet().protocol(IpProtocol.ESP).payload(new byte[] {9, 9, 0, 1});
    assertThat(host.passes(esp)).isTrue();
    assertThat(host.passes(esp.payload(new byte[] {9, 9, 0, 2}))).isFalse();
    assertThat(host.passes(esp.payload(new byte[] {9, 9, 0}))).isTrue();
    assertThat(host.passes(packet())).isFalse();
  }

  @Test
  void protocolsAreComparedByTheirNames() {
    for (String name : List.of("esp", "gre", "udplite")) {
      NftHost host = forward(List.of(NftRule.of(is(PROTOCOL, word(name)), DROP)));
      assertThat(host.passes(packet())).isTrue();
      Packet of = packet().protocol(ProtocolNames.numberOf(name).orElseThrow());
      assertThat(host.passes(of)).as(name).isFalse();
    }
  }

  @Test
  void theNodesOwnAddressesAreLocal() {
    NftHost host =
        new NftHost(
            filter(
                Hook.PREROUTING,
                List.of(NftRule.of(is(new FibType("daddr"), word("local")), DROP))));
    assertThat(host.passes(udp("10.0.1.2", 1, "10.0.2.1", 53))).isFalse();
    assertThat(host.passes(udp("10.0.1.2", 1, "10.0.2.2", 53))).isTrue();
  }

  @Test
  void aConnectionIsNewUntilItIsAnswered() {
    NftHost host =
        forward(
            List.of(
                NftRule.of(new Match(Comparison.IN, new Ct("state"), word("established")), ACCEPT),
                NftRule.of(new Match(Comparison.IN, new Ct("state"), word("new")), ACCEPT),
                NftRule.of(DROP)));
    assertThat(host.passes(packet())).isTrue();
    assertThat(host.nftables.rulesEvaluated()).isEqualTo(2);
    host.host.receive(udp("10.0.2.2", 53, "10.0.1.2", 1000), NftHost.ETH1);
    assertThat(host.nftables.rulesEvaluated()).isEqualTo(3);
    Packet stray = packet().protocol(IpProtocol.TCP).ports(1, 2).tcpFlags(TcpFlags.RST);
    assertThat(host.passes(stray)).isFalse();
  }

  @Test
  void aMarkIsChangedBitByBit() {
    NftHost host =
        forward(
            List.of(
                NftRule.of(new SetMark(Operator.OR, 0x4001)),
                NftRule.of(new SetMark(Operator.XOR, 0x8001)),
                NftRule.of(new SetMark(Operator.AND, 0xff00)),
                NftRule.of(
                    is(new Bitwise(Operator.AND, new Meta("mark"), 0x4000), new Count(0)), DROP)));
    assertThat(host.receive(packet()).get(0).mark()).isEqualTo(0xc000);
  }

  @Test
  void translationChangesTheConnectionOnce() {
    IpAddress server = IpAddress.parse("10.0.2.2");
    NftTable table =
        NftHost.table(
            IpFamily.IPV4,
            NftHost.base(
                "nat",
                Hook.PREROUTING,
                -100,
                List.of(NftRule.of(is(PROTOCOL, word("udp")), new Statement.Dnat(server, 5353)))),
            NftHost.base(
                "nat",
                Hook.POSTROUTING,
                100,
                List.of(NftRule.of(new Statement.Masquerade(false)))));
    NftHost host = new NftHost(table);
    Packet out = host.receive(udp("10.0.1.2", 1000, "10.0.2.99", 53)).get(0);
    assertThat(out.toString()).isEqualTo("udp 10.0.2.1:1000 > 10.0.2.2:5353");
    assertThat(host.nftables.rulesEvaluated()).isEqualTo(2);
    host.receive(udp("10.0.1.2", 1000, "10.0.2.99", 53));
    assertThat(host.nftables.rulesEvaluated()).isEqualTo(2);
    assertThat(host.receive(udp("10.0.2.2", 5353, "10.0.2.1", 1000), NftHost.ETH1))
        .extracting(Packet::toString)
        .containsExactly("udp 10.0.2.99:53 > 10.0.1.2:1000");
    assertThat(host.nftables.rulesEvaluated()).isEqualTo(2);
  }

  private static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(NftRule.of(jump("nowhere")), "chain \"nowhere\""),
        Arguments.of(NftRule.of(new VerdictByMap(PORT, "nothing")), "set \"nothing\""),
        Arguments.of(NftRule.of(is(SOURCE, new InSet("nothing"))), "set \"nothing\""),
        Arguments.of(NftRule.of(is(new Payload("ip", "ttl"), new Count(1))), "ip ttl"),
        Arguments.of(NftRule.of(is(new Meta("skuid"), new Count(1))), "meta \"skuid\""),
        Arguments.of(NftRule.of(is(new Ct("zone"), new Count(1))), "field Ct[key=zone]"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatIsNotThereOrNotModelledIsRefusedWhenLoaded(NftRule rule, String found) {
    assertThatThrownBy(() -> forward(List.of(rule)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("table t: found " + found);
  }
}
