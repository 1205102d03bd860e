package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.icmp;
import static dev.packetpath.conntrack.Router.packet;
import static dev.packetpath.conntrack.Router.state;
import static dev.packetpath.conntrack.Router.tcp;
import static dev.packetpath.conntrack.Router.udp;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** UDP-Lite, GRE, ICMP and protocols without a tracker, and what cannot be tracked at all. */
final class OtherProtocolsTest {
  private static final ConntrackSettings NO_CHECKSUMS =
      ConntrackSettings.builder().checksum(false).build();

  private static String entry(Router router) {
    Connection connection = router.only();
    return connection.remainingSeconds(router.clock.nowNs())
        + (connection.hasAny(ConnectionStatus.ASSURED) ? " assured" : "");
  }

  /** nf_conntrack_gre_packet: 30 s, after a reply 180 s and assured. */
  @Test
  void greLastsLongerOnceItWasAnswered() {
    Router router = new Router();
    router.fromEth0(packet(IpProtocol.GRE, "10.0.1.5", "10.9.9.9"));
    assertThat(entry(router)).isEqualTo("30");
    router.fromEth1(packet(IpProtocol.GRE, "10.9.9.9", "10.0.1.5"));
    assertThat(entry(router)).isEqualTo("30");
    router.fromEth0(packet(IpProtocol.GRE, "10.0.1.5", "10.9.9.9"));
    assertThat(entry(router)).isEqualTo("180 assured");
  }

  /** Linux 6.18 has no tracker of DCCP any more; its recorded vectors are in conformance. */
  @Test
  void dccpIsToldApartByAddressesAloneHoweverShort() {
    Router router = new Router();
    router.fromEth0(packet(IpProtocol.DCCP, "10.0.1.5", "10.9.9.9").ports(1, 80));
    router.fromEth0(packet(IpProtocol.DCCP, "10.0.1.5", "10.9.9.9").ports(2, 81));
    router.fromEth1(packet(IpProtocol.DCCP, "10.9.9.9", "10.0.1.5").transportTruncated(true));
    assertThat(entry(router)).isEqualTo("600");
    assertThat(router.only().original().sourcePort()).isZero();
    assertThat(router.only().hasAny(ConnectionStatus.SEEN_REPLY)).isTrue();
  }

  /** Version 1 is PPTP's and carries PPP; its calls are flows. Of version 0 all are one. */
  @ParameterizedTest
  @CsvSource({
    "3001880b00040007, 3001880b00040009, 2",
    "3001880b00040007, 3001880b00060007, 1",
    "2000080000000007, 2000080000000009, 1",
    "300188, 300199, 1",
    "3001080000040007, 3009080000040007, 0",
    "3001880b000400, 30010800000400, 1"
  })
  void callsOfPptpAreToldApart(String first, String second, int entries) {
    Router router = new Router();
    for (String header : List.of(first, second)) {
      router.fromEth0(
          packet(IpProtocol.GRE, "10.0.1.5", "10.9.9.9")
              .payload(BaseEncoding.base16().lowerCase().decode(header)));
    }
    assertThat(router.conntrack.size()).isEqualTo(entries);
  }

  /** nf_conntrack_udplite_packet: a stream as soon as it was answered. */
  @Test
  void udpLiteIsAStreamOnceItWasAnswered() {
    Router router = new Router(NO_CHECKSUMS);
    Packet there = udp("10.0.1.5", 7, "10.9.9.9", 53).protocol(IpProtocol.UDPLITE);
    Packet back = udp("10.9.9.9", 53, "10.0.1.5", 7).protocol(IpProtocol.UDPLITE);
    router.fromEth0(there.copy());
    assertThat(entry(router)).isEqualTo("30");
    router.fromEth1(back.copy());
    router.fromEth0(there.copy());
    assertThat(entry(router)).isEqualTo("120 assured");
  }

  @Test
  void udpLiteIsInvalidWhereChecksumsAreLookedAt() {
    Router router = new Router();
    Packet there = udp("10.0.1.5", 7, "10.9.9.9", 53).protocol(IpProtocol.UDPLITE);
    assertThat(state(router.fromEth0(there.copy()))).isEqualTo(ConnectionState.NONE);
    router.send(there.copy().source(dev.packetpath.core.net.IpAddress.parse("10.0.2.1")));
    assertThat(router.conntrack.size()).isEqualTo(1);
  }

  /** One timeout, never assured. */
  @Test
  void otherProtocolsAreFollowedByTheirAddresses() {
    Router router = new Router();
    for (int i = 0; i < 2; i++) {
      router.fromEth0(packet(50, "10.0.1.5", "10.9.9.9"));
      router.fromEth1(packet(50, "10.9.9.9", "10.0.1.5"));
    }
    assertThat(entry(router)).isEqualTo("600");
    assertThat(router.only().packets(Direction.REPLY)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"8,0", "13,14", "15,16", "17,18"})
  void icmpQueriesAreAnsweredByTheirType(int query, int answer) {
    Router router = new Router();
    assertThat(state(router.fromEth0(icmp("10.0.1.5", "10.9.9.9", query, 7))))
        .isEqualTo(ConnectionState.NEW);
    assertThat(state(router.fromEth1(icmp("10.9.9.9", "10.0.1.5", answer, 7))))
        .isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(entry(router)).isEqualTo("30");
    assertThat(state(router.fromEth1(icmp("10.9.9.9", "10.0.1.5", answer, 8))))
        .isEqualTo(ConnectionState.NONE);
    assertThat(router.conntrack.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"128,129", "139,140"})
  void icmpv6QueriesAreAnsweredByTheirType(int query, int answer) {
    Router router = new Router();
    Packet there = packet(IpProtocol.ICMPV6, "fd00:1::5", "fd00:2::9").icmpType(query).icmpId(7);
    Packet back = packet(IpProtocol.ICMPV6, "fd00:2::9", "fd00:1::5").icmpType(answer).icmpId(7);
    assertThat(state(router.fromEth0(there.copy()))).isEqualTo(ConnectionState.NEW);
    assertThat(state(router.fromEth1(back.copy()))).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(state(new Router().fromEth1(back.copy()))).isEqualTo(ConnectionState.NONE);
  }

  /** Neighbour and listener discovery are never tracked; an unknown type is invalid. */
  @ParameterizedTest
  @CsvSource({"129,false", "130,true", "136,true", "142,false", "143,true", "144,false"})
  void icmpv6DiscoveryIsUntracked(int type, boolean untracked) {
    Router router = new Router();
    Packet packet = packet(IpProtocol.ICMPV6, "fd00:1::5", "fd00:2::9").icmpType(type);
    assertThat(state(router.fromEth0(packet)))
        .isEqualTo(untracked ? ConnectionState.UNTRACKED : ConnectionState.NONE);
    assertThat(router.conntrack.statistics().invalid()).isEqualTo(untracked ? 0 : 1);
  }

  private static String whyInvalid(Router router, Packet packet) {
    router.host.trace().keep(true);
    assertThat(state(router.fromEth0(packet))).isEqualTo(ConnectionState.NONE);
    assertThat(router.conntrack.size()).isZero();
    return router.host.trace().take().stream()
        .filter(ConntrackEvent.Invalid.class::isInstance)
        .map(TraceEvent::toString)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  @Test
  void whatCannotBeTrackedIsInvalidAndSaysWhy() {
    Packet cut = udp("10.0.1.5", 7, "10.9.9.9", 53).transportTruncated(true);
    assertThat(whyInvalid(new Router(), cut)).contains("no transport header that can be tracked");
    Packet foreign = packet(IpProtocol.ICMPV6, "10.0.1.5", "10.9.9.9");
    assertThat(whyInvalid(new Router(), foreign))
        .contains("no transport header that can be tracked");
    assertThat(whyInvalid(new Router(), icmp("10.0.1.5", "10.9.9.9", 19, 7)))
        .contains("unknown ICMP type 19");
    assertThat(whyInvalid(new Router(), icmp("10.0.1.5", "10.9.9.9", 9, 7)))
        .contains("ICMP type 9 has no answer");
    assertThat(whyInvalid(new Router(), tcp("10.0.1.5", 1, "10.9.9.9", 80, "F")))
        .contains("not a packet that its connection may have");
  }

  /** net.netfilter.nf_conntrack_checksum is heeded for what other hosts send alone. */
  @ParameterizedTest
  @CsvSource({"6", "17", "1", "132"})
  void aBadChecksumIsInvalidAtPrerouting(int protocol) {
    Packet bad =
        switch (protocol) {
          case IpProtocol.TCP -> tcp("10.0.1.5", 7, "10.9.9.9", 80, "S");
          case IpProtocol.UDP -> udp("10.0.1.5", 7, "10.9.9.9", 80);
          case IpProtocol.ICMP -> icmp("10.0.1.5", "10.9.9.9", 8, 7);
          default ->
              packet(IpProtocol.SCTP, "10.0.1.5", "10.9.9.9")
                  .ports(7, 80)
                  .payload(
                      BaseEncoding.base16()
                          .lowerCase()
                          .decode("010000140000000a000000000000000000000000"));
        };
    bad.checksumValid(false);
    Router router = new Router();
    assertThat(state(router.fromEth0(bad.copy()))).isEqualTo(ConnectionState.NONE);
    ConntrackStatistics counted = router.conntrack.statistics();
    assertThat(counted.invalid() + counted.error()).isEqualTo(1);
    assertThat(counted.error()).isEqualTo(protocol == IpProtocol.ICMP ? 1 : 0);
    assertThat(state(new Router(NO_CHECKSUMS).fromEth0(bad.copy()))).isEqualTo(ConnectionState.NEW);
    router.send(bad.copy().source(dev.packetpath.core.net.IpAddress.parse("10.0.2.1")));
    assertThat(router.conntrack.size()).isEqualTo(1);
  }

  private static ConnectionState errorAbout(Router router, Packet error) {
    return state(router.fromEth1(error));
  }

  /** nf_conntrack_inet_error. */
  @Test
  void anErrorIsRelatedToWhatItQuotes() {
    Router router = new Router();
    router.fromEth0(udp("10.0.1.5", 7, "10.9.9.9", 53));
    Packet quoted = udp("10.0.1.5", 7, "10.9.9.9", 53);
    Packet error = icmp("10.9.9.9", "10.0.1.5", 3, 0).icmpCode(1);
    assertThat(errorAbout(router, error.copy().inner(quoted, 28)))
        .isEqualTo(ConnectionState.RELATED_REPLY);
    assertThat(errorAbout(router, error.copy())).isEqualTo(ConnectionState.NONE);
    assertThat(errorAbout(router, error.copy().inner(quoted.copy().sourcePort(8), 28)))
        .isEqualTo(ConnectionState.NONE);
    assertThat(errorAbout(router, error.copy().inner(quoted.copy().fragmentOffset(8), 28)))
        .isEqualTo(ConnectionState.NONE);
    Packet elsewhere = icmp("10.9.9.9", "10.0.1.6", 3, 0).icmpCode(1).inner(quoted, 28);
    assertThat(errorAbout(router, elsewhere)).isEqualTo(ConnectionState.NONE);
    assertThat(router.conntrack.statistics().error()).isEqualTo(4);
    assertThat(router.only().packets(Direction.REPLY)).isZero();
  }

  @Test
  void anErrorThatTheServerQuotesBackIsRelatedToo() {
    Router router = new Router();
    router.fromEth0(udp("10.0.1.5", 7, "10.9.9.9", 53));
    router.fromEth1(udp("10.9.9.9", 53, "10.0.1.5", 7));
    Packet error =
        icmp("10.0.1.5", "10.9.9.9", 3, 0)
            .icmpCode(3)
            .inner(udp("10.9.9.9", 53, "10.0.1.5", 7), 28);
    assertThat(state(router.fromEth0(error))).isEqualTo(ConnectionState.RELATED);
  }

  /** A stream of UDP is one that is answered and older than 2 s. */
  @Test
  void udpBecomesAStreamAfterTwoSeconds() {
    Router router = new Router();
    router.fromEth0(udp("10.0.1.5", 7, "10.9.9.9", 53));
    router.fromEth1(udp("10.9.9.9", 53, "10.0.1.5", 7));
    router.at(2);
    router.fromEth0(udp("10.0.1.5", 7, "10.9.9.9", 53));
    assertThat(entry(router)).isEqualTo("30");
    router.at(2.1);
    router.fromEth0(udp("10.0.1.5", 7, "10.9.9.9", 53));
    assertThat(entry(router)).isEqualTo("120 assured");
  }

  @Test
  void aFullTableSaysSo() {
    Router router = new Router(ConntrackSettings.builder().max(1).build());
    router.fromEth0(udp("10.0.1.5", 7, "10.9.9.9", 53));
    router.fromEth1(udp("10.9.9.9", 53, "10.0.1.5", 7));
    router.at(3);
    router.fromEth0(udp("10.0.1.5", 7, "10.9.9.9", 53));
    router.host.trace().keep(true);
    assertThat(router.fromEth0(udp("10.0.1.5", 8, "10.9.9.9", 53))).isSameAs(Router.NOTHING);
    assertThat(router.host.trace().take())
        .contains(new ConntrackEvent.Dropped("nf_conntrack: table full, dropping packet"));
    assertThat(router.conntrack.statistics().drop()).isEqualTo(1);
  }

  /** nf_ct_attach and nf_conntrack_tcp_set_closing. */
  @Test
  void onlyAnOpenTcpConnectionIsSetClosing() {
    Router router = new Router();
    Packet datagram = router.fromEth0(udp("10.0.1.5", 7, "10.9.9.9", 53));
    router.conntrack.setClosing(datagram);
    assertThat(entry(router)).isEqualTo("30");
    router.conntrack.setClosing(new Packet());
    assertThat(router.conntrack.removeIf(one -> one.protocol() == IpProtocol.TCP)).isZero();
    assertThat(router.conntrack.removeIf(one -> one.protocol() == IpProtocol.UDP)).isEqualTo(1);
    assertThat(router.conntrack.size()).isZero();
  }
}
