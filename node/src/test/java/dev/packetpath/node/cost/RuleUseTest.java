package dev.packetpath.node.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.core.cost.RuleCost;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.node.ExampleNode;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketNotation;
import dev.packetpath.node.PacketRequest;
import org.junit.jupiter.api.Test;

final class RuleUseTest {
  /** Each byte that was walked in between costs a nanosecond, nearly. */
  private static final RuleCost BY_BYTES =
      new RuleCost(
          7,
          ImmutableList.of(new RuleCost.Level(400, 400), new RuleCost.Level(401, 500)),
          Provenance.ASSUMED,
          "");

  private static Node node() {
    return Node.of(ExampleNode.snapshot());
  }

  private static void send(Node node, String text) {
    PacketRequest.Given given = (PacketRequest.Given) PacketNotation.parse(text);
    node.inject(Injection.on(given.in().orElseThrow(), given.packet().copy()));
  }

  @Test
  void withoutPacketsARuleCostsWhatItDoesInTheCache() {
    assertThat(RuleUse.meanNs(node(), BY_BYTES)).isEqualTo(7);
  }

  @Test
  void onePacketMeetsEachRuleAfterAllBytesThatItWalks() {
    Node node = node();
    send(node, "in=cni0 udp 10.244.1.7:40000 > 10.96.0.10:53");
    assertThat(node.iptables(IpFamily.IPV4)).isPresent();
    assertThat(RuleUse.meanNs(node, BY_BYTES)).isEqualTo(500);
  }

  @Test
  void rulesThatAreMetMoreOftenAreMetAfterFewerBytes() {
    Node node = node();
    send(node, "in=cni0 udp 10.244.1.7:40000 > 10.96.0.10:53");
    RuleCost steep =
        BY_BYTES.withLevels(
            ImmutableList.of(new RuleCost.Level(1, 1), new RuleCost.Level(1 << 20, 1_000)));
    double once = RuleUse.meanNs(node, steep);
    for (int i = 0; i < 9; i++) {
      send(node, "in=cni0 udp 10.244.1.7:40000 > 10.96.0.10:53");
    }
    // The same walk again and again: as far from use to use as before.
    assertThat(RuleUse.meanNs(node, steep)).isCloseTo(once, offset(0.1 * once));
    send(node, "in=eth0 tcp 203.0.113.9:40000 > 192.168.0.2:30080");
    assertThat(RuleUse.meanNs(node, steep)).isNotEqualTo(once);
  }
}
