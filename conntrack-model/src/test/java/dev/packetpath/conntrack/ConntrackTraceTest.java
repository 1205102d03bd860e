package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.icmp;
import static dev.packetpath.conntrack.Router.packet;
import static dev.packetpath.conntrack.Router.tcp;
import static dev.packetpath.conntrack.Router.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What connection tracking and NAT tell the trace of each packet, in order. */
final class ConntrackTraceTest {
  private static final Tuple QUERY = Tuple.of(udp("10.0.1.5", 1000, "10.9.9.9", 53));

  private final Router router = new Router();

  private List<ConntrackEvent> told(Runnable step) {
    router.host.trace().keep(true);
    step.run();
    List<ConntrackEvent> events =
        router.host.trace().take().stream()
            .filter(ConntrackEvent.class::isInstance)
            .map(ConntrackEvent.class::cast)
            .toList();
    router.host.trace().keep(false);
    return events;
  }

  private static Packet query() {
    return udp("10.0.1.5", 1000, "10.9.9.9", 53);
  }

  @Test
  void aFlowIsLookedUpEachTimeAndConfirmedOnce() {
    assertThat(told(() -> router.fromEth0(query())))
        .containsExactly(
            new ConntrackEvent.LookedUp(QUERY, ConnectionState.NEW, true, "", ""),
            new ConntrackEvent.Confirmed(QUERY, QUERY.inverse()));
    assertThat(told(() -> router.fromEth0(query())))
        .containsExactly(new ConntrackEvent.LookedUp(QUERY, ConnectionState.NEW, false, "", ""));
    assertThat(told(() -> router.fromEth1(udp("10.9.9.9", 53, "10.0.1.5", 1000))))
        .containsExactly(
            new ConntrackEvent.LookedUp(
                QUERY.inverse(), ConnectionState.ESTABLISHED_REPLY, false, "", ""));
  }

  @Test
  void theStateOfTcpIsToldBeforeAndAfter() {
    Tuple tuple = Tuple.of(tcp("10.0.1.5", 1, "10.9.9.9", 80, "S"));
    router.fromEth0(tcp("10.0.1.5", 1, "10.9.9.9", 80, "S"));
    Packet answer = tcp("10.9.9.9", 80, "10.0.1.5", 1, "SA").tcpAcknowledgment(1);
    assertThat(told(() -> router.fromEth1(answer)))
        .containsExactly(
            new ConntrackEvent.LookedUp(
                tuple.inverse(), ConnectionState.ESTABLISHED_REPLY, false, "SYN_SENT", "SYN_RECV"));
    assertThat(told(() -> router.fromEth0(tcp("10.0.1.5", 1, "10.9.9.9", 80, "F"))))
        .containsExactly(
            new ConntrackEvent.Invalid("not a packet that its connection may have: SYN_RECV"));
  }

  @Test
  void anIcmpErrorIsToldWithItsOwnRelation() {
    router.fromEth0(query());
    Packet error = icmp("10.9.9.9", "10.0.1.5", 3, 0).icmpCode(3).inner(query(), 28);
    assertThat(told(() -> router.fromEth1(error)))
        .singleElement()
        .isInstanceOfSatisfying(
            ConntrackEvent.LookedUp.class,
            event -> {
              assertThat(event.state()).isEqualTo(ConnectionState.RELATED_REPLY);
              assertThat(event.created()).isFalse();
            });
  }

  @Test
  void aFragmentWaitsForTheRest() {
    Packet last =
        packet(IpProtocol.UDP, "10.0.1.5", "10.9.9.9").id(7).fragmentOffset(3).payloadLength(5);
    assertThat(told(() -> router.fromEth0(last)))
        .containsExactly(new ConntrackEvent.Reassembled(false));
    Packet first = query().id(7).moreFragments(true).payloadLength(16);
    assertThat(told(() -> router.fromEth0(first)))
        .startsWith(
            new ConntrackEvent.Reassembled(true),
            new ConntrackEvent.LookedUp(QUERY, ConnectionState.NEW, true, "", ""));
  }

  /** RFC 8200: without its whole TCP header a first fragment is not joined with others. */
  @Test
  void anIpv6FragmentWithoutItsTcpHeaderGoesAlone() {
    Packet cut =
        packet(IpProtocol.TCP, "fd00:1::5", "fd00:2::5")
            .id(7)
            .moreFragments(true)
            .transportTruncated(true)
            .payloadLength(8);
    assertThat(told(() -> router.fromEth0(cut)))
        .containsExactly(new ConntrackEvent.Invalid("no transport header that can be tracked"));
    Packet later =
        packet(IpProtocol.TCP, "fd00:1::5", "fd00:2::5").id(8).fragmentOffset(3).payloadLength(8);
    assertThat(told(() -> router.fromEth0(later)))
        .containsExactly(new ConntrackEvent.Reassembled(false));
  }

  /** One look-up for the port that is not the packet's own, and one for the own source port. */
  @Test
  void natTellsWhatItChoseAndHowOftenItLooked() {
    router.dnat("10.244.1.2", 5353).masquerade(NatRange.ANY);
    Tuple translated = Tuple.of(udp("10.0.1.5", 1000, "10.244.1.2", 5353));
    Tuple hidden = Tuple.of(udp("10.0.2.1", 1000, "10.244.1.2", 5353));
    assertThat(told(() -> router.fromEth0(query())))
        .contains(
            new ConntrackEvent.NatSetUp(ManipType.DESTINATION, QUERY, translated, 1),
            new ConntrackEvent.NatSetUp(ManipType.SOURCE, translated, hidden, 1));
  }

  @Test
  void aMasqueradedFlowThatTurnsAwaySaysWhere() {
    router.masquerade(NatRange.ANY);
    router.fromEth0(query());
    router.only().masquerade(ConnectionExtension.NONE.withMasqueradeDevice(Router.ETH0));
    assertThat(told(() -> router.fromEth0(query())))
        .contains(new ConntrackEvent.Dropped("masqueraded for eth0, now leaves by another"));
  }

  private Packet answerTo(Packet about, boolean toServer) {
    router.on(
        Hook.FORWARD,
        0,
        (packet, state) -> {
          Packet answer =
              toServer ? udp("10.0.2.1", 7, "10.9.9.9", 8) : udp("10.0.1.1", 7, "10.0.1.5", 8);
          router.host.sendAnswer(answer, packet, "test");
          return Verdict.DROP;
        });
    if (toServer) {
      router.fromEth1(about);
    } else {
      router.fromEth0(about);
    }
    return router.out.get(0);
  }

  /** nf_ct_attach: what the kernel answers belongs to the connection that it answers. */
  @Test
  void anAnswerOfTheKernelIsRelatedToWhatItAnswers() {
    router.fromEth0(query());
    Packet answer = answerTo(query(), false);
    assertThat(Router.state(answer)).isEqualTo(ConnectionState.RELATED_REPLY);
    assertThat(PacketConnection.connectionOf(answer)).isSameAs(router.only());
  }

  @Test
  void anAnswerToAReplyGoesTheOriginalWay() {
    router.fromEth0(query());
    Packet answer = answerTo(udp("10.9.9.9", 53, "10.0.1.5", 1000), true);
    assertThat(Router.state(answer)).isEqualTo(ConnectionState.RELATED);
    assertThat(PacketConnection.connectionOf(answer)).isSameAs(router.only());
  }

  /** What answers an untracked packet is tracked, as a flow of its own. */
  @Test
  void anAnswerToAnUntrackedPacketIsLookedUp() {
    router.on(
        Hook.PREROUTING,
        -300,
        (packet, state) -> {
          PacketConnection.untrack(packet);
          return Verdict.ACCEPT;
        });
    Packet answer = answerTo(query(), false);
    assertThat(Router.state(answer)).isEqualTo(ConnectionState.NEW);
    assertThat(router.only().original().destination()).isEqualTo(IpAddress.parse("10.0.1.5"));
  }
}
