package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.PacketArbitraries;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class OneDestinationProperties {
  private static final IpAddress SERVER_V4 = IpAddress.parse("10.0.2.9");
  private static final IpAddress SERVER_V6 = IpAddress.parse("fd00:2::9");

  /** The short way to one destination does what the search in its range does. */
  @Property(tries = 300)
  void oneDestinationIsARangeOfOne(
      @ForAll("flows") List<Packet> packets, @ForAll("ports") int port) {
    Router general = new Router();
    Router direct = new Router();
    for (IpFamily family : IpFamily.values()) {
      IpAddress server = family == IpFamily.IPV4 ? SERVER_V4 : SERVER_V6;
      NatRange range = range(server, port);
      assertThat(range.isOne()).isTrue();
      general.nat.registerChain(
          family,
          Hook.PREROUTING,
          0,
          (packet, state) -> general.nat.setUp(packet, range, ManipType.DESTINATION));
      direct.nat.registerChain(
          family,
          Hook.PREROUTING,
          0,
          (packet, state) -> direct.nat.sendTo(packet, server.high(), server.low(), port));
    }
    for (Packet packet : packets) {
      Packet expected = general.fromEth0(packet.copy());
      assertThat(direct.fromEth0(packet.copy())).hasToString(expected.toString());
    }
    assertThat(direct.conntrack.entries()).isEqualTo(general.conntrack.entries());
    assertThat(direct.conntrack.statistics()).isEqualTo(general.conntrack.statistics());
    assertThat(direct.host.work().toMap()).isEqualTo(general.host.work().toMap());
  }

  /** A connection that has its destination, or is in the table, is left alone. */
  @Property(tries = 20)
  void aDecidedConnectionIsLeftAlone(@ForAll("flows") List<Packet> packets) {
    Router router = new Router();
    router.chain(
        Hook.PREROUTING,
        (packet, state) -> {
          Verdict first = router.nat.sendTo(packet, 0, SERVER_V4.low(), 80);
          assertThat(first).isEqualTo(Verdict.ACCEPT);
          return router.nat.sendTo(packet, 0, SERVER_V4.low(), 81);
        });
    for (Packet packet : packets) {
      router.fromEth0(packet.copy());
    }
    assertThat(router.conntrack.entries()).noneMatch(e -> e.reply().sourcePort() == 81);
  }

  private static NatRange range(IpAddress server, int port) {
    NatRange.Builder range = NatRange.builder().addresses(server, server);
    return port < 0 ? range.build() : range.ports(port, port).build();
  }

  @Provide
  Arbitrary<Integer> ports() {
    return Arbitraries.of(-1, 80, 8080);
  }

  @Provide
  Arbitrary<List<Packet>> flows() {
    return PacketArbitraries.packets()
        .filter(packet -> IpProtocol.hasPorts(packet.protocol()))
        .list()
        .ofMaxSize(40);
  }
}
