package dev.packetpath.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Elements that are there when a set is loaded, and end. */
final class ElementExpiryTest {
  private static final Expression ELEMENT = new Expression.Word("10.0.1.2");

  @Test
  void anElementEndsWhenItsTimeIsOver() {
    NftSet seen =
        NftSet.set("seen", "ipv4_addr", ImmutableList.of(new Expression.Expiring(ELEMENT, 12)));
    Statement inSet =
        new Statement.Match(
            Statement.Comparison.EQUAL,
            new Expression.Payload("ip", "saddr"),
            new Expression.InSet("seen"));
    NftRule drop = NftRule.of(inSet, new Statement.Conclude(new ChainVerdict.Drop()));
    NftHost host = new NftHost(NftHost.filter(Hook.FORWARD, List.of(drop), seen));
    Packet packet =
        new Packet()
            .addresses(IpAddress.parse("10.0.1.2"), IpAddress.parse("10.0.2.2"))
            .protocol(IpProtocol.UDP)
            .ports(1000, 53);
    host.clock.advanceTo(12 * VirtualClock.NS_PER_SECOND - 1);
    assertThat(host.passes(packet.copy())).isFalse();
    host.clock.advanceTo(12 * VirtualClock.NS_PER_SECOND);
    assertThat(host.passes(packet.copy())).isTrue();
  }

  @Test
  void noElementStaysLessThanNoTime() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Expression.Expiring(ELEMENT, -1));
  }
}
