package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.icmp;
import static dev.packetpath.conntrack.Router.state;
import static dev.packetpath.conntrack.Router.tcp;
import static dev.packetpath.conntrack.Router.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NatTest {
  private static final IpAddress NODE = IpAddress.parse("10.0.2.1");

  @Test
  void icmpErrorAboutATranslatedFlowIsTranslatedInsideAndOutside() {
    Router router = new Router().dnat("10.244.1.2", 5353).masquerade(NatRange.ANY);
    Packet sent = router.fromEth0(udp("10.0.1.5", 1000, "10.96.0.10", 53));
    Packet error = icmp("10.244.1.2", "10.0.2.1", 3, 0).icmpCode(3).inner(sent.copy(), 28);
    Packet back = router.fromEth1(error);
    assertThat(state(back)).isEqualTo(ConnectionState.RELATED_REPLY);
    assertThat(back.source()).isEqualTo(IpAddress.parse("10.96.0.10"));
    assertThat(back.destination()).isEqualTo(IpAddress.parse("10.0.1.5"));
    assertThat(back.inner().toString()).isEqualTo("udp 10.0.1.5:1000 > 10.96.0.10:53");
  }

  /** Recorded from Linux 6.18, which does not ask how long the quoted packet says that it is. */
  @ParameterizedTest
  @ValueSource(ints = {8, 12, 19})
  void aQuotedHeaderThatItsPacketHasNoRoomForIsTranslatedByTheBytesThatAreThere(int told) {
    Router router = new Router().dnat("10.244.1.2", 5353).masquerade(NatRange.ANY);
    Packet quoted = cutOff(router.fromEth0(tcp("10.0.1.5", 1000, "10.96.0.10", 53, "S")), told);
    Packet error = icmp("10.244.1.2", "10.0.2.1", 3, 0).icmpCode(3).inner(quoted, 40);
    Packet back = router.fromEth1(error);
    assertThat(state(back)).isEqualTo(ConnectionState.RELATED_REPLY);
    assertThat(back.destination()).isEqualTo(IpAddress.parse("10.0.1.5"));
    assertThat(back.inner().destination()).isEqualTo(IpAddress.parse("10.96.0.10"));
    assertThat(back.inner().length()).isEqualTo(20 + told);
    assertThat(Tuple.of(back.inner()).sourcePort()).isEqualTo(1000);
    assertThat(Tuple.of(back.inner()).destinationPort()).isEqualTo(53);
  }

  @ParameterizedTest
  @CsvSource({"8, true, true", "7, true, false", "4, true, false", "3, false, true"})
  void anErrorThatQuotesPortsIsAboutTheirConnectionAndIsDroppedIfThatIsTranslatedAndBytesLack(
      int there, boolean related, boolean goesOn) {
    Router router = new Router().dnat("10.244.1.2", 5353).masquerade(NatRange.ANY);
    Packet quoted = cutOff(router.fromEth0(tcp("10.0.1.5", 1000, "10.96.0.10", 53, "S")), 8);
    quoted.payload(Arrays.copyOf(quoted.payload(), there)).payloadLength(8);
    Packet error = icmp("10.244.1.2", "10.0.2.1", 3, 0).icmpCode(3).inner(quoted, 20 + there);
    router.fromEth1(error);
    assertThat(state(error) == ConnectionState.RELATED_REPLY).isEqualTo(related);
    assertThat(router.out).hasSize(goesOn ? 1 : 0);
  }

  /** Returns a packet whose IP header tells that so many bytes are behind it, as a quote has it. */
  private static Packet cutOff(Packet packet, int told) {
    byte[] bytes = WireFormat.encode(packet);
    bytes[3] = (byte) (20 + told);
    return WireFormat.decode(bytes);
  }

  @Test
  void nullBindingRemapsAPortOnlyIfTheAnswersWouldClash() {
    Router router = new Router();
    router.chain(
        Hook.PREROUTING,
        (packet, s) ->
            packet.destination().equals(IpAddress.parse("10.96.0.10"))
                ? router.nat.setUp(
                    packet,
                    NatRange.ofAddress(IpAddress.parse("10.244.1.2")),
                    ManipType.DESTINATION)
                : Verdict.ACCEPT);
    router.fromEth0(udp("10.0.1.5", 77, "10.96.0.10", 53));
    Packet direct = router.fromEth0(udp("10.0.1.5", 77, "10.244.1.2", 53));
    assertThat(direct.sourcePort()).isNotEqualTo(77).isBetween(1, 511);
    Connection second = router.conntrack.connections().get(1);
    assertThat(second.hasAny(ConnectionStatus.SRC_NAT)).isTrue();
  }

  @Test
  void dnatToTheSameAddressIsNoTranslation() {
    Router router = new Router().dnat("10.9.9.9", 53);
    router.fromEth0(udp("10.0.1.5", 77, "10.9.9.9", 53));
    assertThat(router.only().status() & ConnectionStatus.NAT_MASK).isZero();
  }

  @Test
  void randomDrawsAPortEvenIfTheOwnIsFree() {
    Router router = new Router().masquerade(NatRange.builder().randomFully(true).build());
    int kept = 0;
    for (int i = 0; i < 50; i++) {
      int port = router.fromEth0(udp("10.0.1.5", 2000 + i, "10.9.9.9", 53)).sourcePort();
      assertThat(port).isBetween(1024, 65535);
      kept += port == 2000 + i ? 1 : 0;
    }
    assertThat(kept).isLessThan(3);
  }

  @Test
  void portShiftMapsByDistanceFromTheBase() {
    NatRange range =
        NatRange.builder()
            .addresses(IpAddress.parse("10.244.1.2"), IpAddress.parse("10.244.1.2"))
            .ports(5000, 5009)
            .basePort(2000)
            .build();
    Router router = new Router();
    router.chain(
        Hook.PREROUTING, (packet, s) -> router.nat.setUp(packet, range, ManipType.DESTINATION));
    assertThat(router.fromEth0(udp("10.0.1.5", 1, "10.9.9.9", 2003)).destinationPort())
        .isEqualTo(5003);
  }

  /** Recorded from Linux 6.18: 5000, 5000, 5001 for these three flows. */
  @Test
  void aRangeOfDestinationPortsIsTriedFromItsFirstPort() {
    NatRange range =
        NatRange.builder()
            .addresses(IpAddress.parse("10.244.1.2"), IpAddress.parse("10.244.1.2"))
            .ports(5000, 5010)
            .build();
    Router router = new Router();
    router.chain(
        Hook.PREROUTING, (packet, s) -> router.nat.setUp(packet, range, ManipType.DESTINATION));
    assertThat(router.fromEth0(udp("10.0.1.5", 20000, "10.9.9.1", 80)).destinationPort())
        .isEqualTo(5000);
    assertThat(router.fromEth0(udp("10.0.1.5", 20001, "10.9.9.1", 80)).destinationPort())
        .isEqualTo(5000);
    assertThat(router.fromEth0(udp("10.0.1.5", 20001, "10.9.9.2", 80)).destinationPort())
        .isEqualTo(5001);
  }

  @Test
  void redirectGoesToTheDeviceAddressOrLoopback() {
    Router router = new Router();
    router.chain(Hook.PREROUTING, (packet, s) -> router.nat.redirect(packet, NatRange.ANY, s));
    router.chain(Hook.OUTPUT, (packet, s) -> router.nat.redirect(packet, NatRange.ANY, s));
    assertThat(router.fromEth0(udp("10.0.1.5", 1, "10.9.9.9", 53)).destination())
        .isEqualTo(IpAddress.parse("10.0.1.1"));
    router.send(udp("10.0.2.1", 1, "10.9.9.9", 53));
    assertThat(router.out.get(0).destination()).isEqualTo(IpAddress.parse("127.0.0.1"));
  }

  @Test
  void netmapReplacesTheNetworkPart() {
    Router router = new Router();
    router.chain(
        Hook.PREROUTING,
        (packet, s) -> router.nat.netmap(packet, IpAddress.parse("10.77.0.0"), 16, s));
    assertThat(router.fromEth0(udp("10.0.1.5", 1, "10.9.9.9", 53)).destination())
        .isEqualTo(IpAddress.parse("10.77.9.9"));
  }

  @Test
  void loopedPacketIsNotAskedAboutAgain() {
    int[] asked = new int[Hook.values().length];
    Router router = new Router();
    for (Hook hook : Hook.values()) {
      if (hook != Hook.FORWARD) {
        router.chain(
            hook,
            (packet, s) -> {
              asked[hook.ordinal()]++;
              return Verdict.ACCEPT;
            });
      }
    }
    router.send(udp("127.0.0.1", 1, "127.0.0.1", 53));
    assertThat(asked[Hook.OUTPUT.ordinal()]).isEqualTo(1);
    assertThat(asked[Hook.POSTROUTING.ordinal()]).isEqualTo(1);
    assertThat(asked[Hook.PREROUTING.ordinal()]).isZero();
    assertThat(asked[Hook.INPUT.ordinal()]).isZero();
  }

  @Test
  void masqueradedFlowThatLeavesByAnotherDeviceIsEnded() {
    Router router = new Router().masquerade(NatRange.ANY);
    router.fromEth0(udp("10.0.1.5", 1, "10.9.9.9", 53));
    router.only().masquerade(ConnectionExtension.NONE.withMasqueradeDevice(Router.ETH0));
    assertThat(router.fromEth0(udp("10.0.1.5", 1, "10.9.9.9", 53))).isSameAs(Router.NOTHING);
    assertThat(router.conntrack.size()).isZero();
  }

  @Test
  void exhaustionTriesAllPortsOfASmallRangeAndAtMost248OfALargeOne() {
    Tuple tuple = Tuple.of(17, IpAddress.parse("10.0.1.5"), 40000, NODE, 53);
    PortSearch search = new PortSearch(new dev.packetpath.core.SeededDecisions(1));
    int[] tries = new int[1];
    search.search(tuple, NatRange.ANY, ManipType.SOURCE, t -> ++tries[0] > 0);
    assertThat(tries[0]).isEqualTo(128 + 64 + 32 + 16 + 8);
    tries[0] = 0;
    NatRange hundred = NatRange.builder().ports(40000, 40099).build();
    search.search(tuple, hundred, ManipType.SOURCE, t -> ++tries[0] > 0);
    assertThat(tries[0]).isEqualTo(100);
  }

  @Test
  void dnsRaceToTwoBackendsIsResolvedUnderTheReplyTuple() {
    int[] backend = new int[1];
    Router router = new Router();
    router.chain(
        Hook.PREROUTING,
        (packet, s) ->
            router.nat.setUp(
                packet,
                NatRange.ofAddress(IpAddress.parse("10.244.1." + ++backend[0])),
                ManipType.DESTINATION));
    Packet[] held = new Packet[1];
    router
        .host
        .hooks()
        .register(
            dev.packetpath.core.net.IpFamily.IPV4,
            Hook.FORWARD,
            0,
            "hold the first",
            (packet, s) -> {
              if (held[0] == null) {
                held[0] = packet.copy();
                router.host.receive(udp("10.0.1.5", 1, "10.96.0.10", 53), Router.ETH0);
              }
              return Verdict.ACCEPT;
            });
    router.fromEth0(udp("10.0.1.5", 1, "10.96.0.10", 53));
    assertThat(router.out).hasSize(2);
    assertThat(router.conntrack.statistics().clashResolve()).isEqualTo(1);
    assertThat(router.conntrack.connections()).hasSize(1);
    assertThat(router.conntrack.size()).isEqualTo(2);
    assertThat(router.fromEth1(udp("10.244.1.1", 53, "10.0.1.5", 1)).source())
        .isEqualTo(IpAddress.parse("10.96.0.10"));
    router.at(1);
    assertThat(router.conntrack.size()).isEqualTo(1);
  }

  /**
   * The destination of a connection is set whatever comes of the search, which counts what it
   * finds.
   */
  @Test
  void aTakenTupleOfAnswersIsCountedAsFound() {
    Router router = new Router();
    router.fromEth0(Router.tcp("10.0.1.5", 1000, "10.0.2.9", 80, "S"));
    Tuple taken = router.only().reply();
    Tuple original = taken.inverse().withPorts(1001, 80);
    Connection connection = new Connection(original, taken, Zone.DEFAULT);
    router.conntrack.taken().seekReply(connection);
    assertThat(router.conntrack.statistics().found()).isEqualTo(1);
    connection.tuple(Direction.REPLY, original.inverse());
    router.conntrack.taken().seekReply(connection);
    assertThat(router.conntrack.statistics().found()).isEqualTo(1);
  }
}
