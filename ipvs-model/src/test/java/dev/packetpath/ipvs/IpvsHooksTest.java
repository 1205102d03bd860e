package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which way packets of virtual services take over the hooks of a host. */
final class IpvsHooksTest {
  private static final String CLIENT = "10.0.1.9";
  private static final String SERVER = "10.0.2.5";

  /** ip_vs_ops4 and ip_vs_ops6. */
  @ParameterizedTest
  @EnumSource(IpFamily.class)
  void functionsAreThereWhileAFamilyHasAService(IpFamily family) {
    Director director = new Director();
    assertThat(director.functions(family, Hook.INPUT))
        .containsExactly("98 ip_vs reply", "99 ip_vs request");
    assertThat(director.functions(family, Hook.OUTPUT))
        .containsExactly("-99 ip_vs reply", "-98 ip_vs request");
    assertThat(director.functions(family, Hook.FORWARD))
        .containsExactly("99 ip_vs icmp", "100 ip_vs reply");
    assertThat(director.functions(family, Hook.PREROUTING)).isEmpty();
    director.ipvs.remove(family == IpFamily.IPV4 ? Director.V4 : Director.V6);
    IpFamily other = family == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4;
    for (Hook hook : Hook.values()) {
      assertThat(director.functions(family, hook)).isEmpty();
    }
    assertThat(director.functions(other, Hook.INPUT)).hasSize(2);
    director.ipvs.add(
        ServiceSpec.builder(family == IpFamily.IPV4 ? Director.V4 : Director.V6).build());
    assertThat(director.functions(family, Hook.FORWARD)).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"10.0.1.9, 10.0.2.5, 10.96.0.1", "fd00:1::9, fd00:2::5, fd00:96::1"})
  void requestsPassInputAndOutputAndAnswersForward(String client, String server, String virtual) {
    Director director = new Director().masqueraded(server, 8080);
    assertThat(director.fromClients(Director.syn(client)))
        .containsExactly("eth1 %s:4000 > %s:8080".formatted(client, server));
    assertThat(director.hooks)
        .containsExactly(Hook.PREROUTING, Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING);
    assertThat(director.only().ttl()).isEqualTo(63);
    assertThat(director.fromServers(Director.synAck(server, 8080, client)))
        .containsExactly("eth0 %s:80 > %s:4000".formatted(virtual, client));
    assertThat(director.hooks).containsExactly(Hook.PREROUTING, Hook.FORWARD, Hook.POSTROUTING);
  }

  @Test
  void theTraceTellsOfEachConnectionAndAnswer() {
    Director director = new Director().masqueraded(SERVER, 8080);
    director.fromClients(Director.syn(CLIENT));
    assertThat(director.told())
        .containsExactly(
            new IpvsEvent.Forwarded(
                true,
                "10.96.0.1:80",
                IpAddress.parse(SERVER),
                8080,
                Method.MASQUERADE,
                "SYN_RECV"));
    director.fromServers(Director.synAck(SERVER, 8080, CLIENT));
    assertThat(director.told())
        .containsExactly(new IpvsEvent.Answered(IpAddress.parse("10.96.0.1"), 80, "SYN_RECV"));
    director.fromClients(Director.request(CLIENT, TcpFlags.ACK));
    assertThat(director.told())
        .singleElement()
        .satisfies(event -> assertThat(((IpvsEvent.Forwarded) event).created()).isFalse());
  }

  @Test
  void theTraceTellsAnIpv6ServiceInBrackets() {
    Director director = new Director().masqueraded("fd00:2::5", 8080);
    director.fromClients(Director.syn("fd00:1::9"));
    assertThat(director.told())
        .singleElement()
        .satisfies(
            event ->
                assertThat(((IpvsEvent.Forwarded) event).service()).isEqualTo("[fd00:96::1]:80"));
  }

  @Test
  void aClientOfThisHostIsServedOnOutputAndAnsweredOnInput() {
    Director director = new Director().masqueraded(SERVER, 8080);
    Packet syn = Director.tcp("10.0.2.1", 4_000, "10.96.0.1", 80, TcpFlags.SYN);
    assertThat(director.fromHere(syn)).containsExactly("eth1 10.0.2.1:4000 > 10.0.2.5:8080");
    assertThat(director.hooks).containsExactly(Hook.OUTPUT, Hook.OUTPUT, Hook.POSTROUTING);
    assertThat(director.fromServers(Director.synAck(SERVER, 8080, "10.0.2.1")))
        .containsExactly("local 10.96.0.1:80 > 10.0.2.1:4000");
    assertThat(director.hooks).containsExactly(Hook.PREROUTING, Hook.INPUT);
  }

  @Test
  void aServerOfThisHostGetsItsPacketsOnInput() {
    Director director = new Director().masqueraded("10.0.2.1", 8080);
    assertThat(director.fromClients(Director.syn(CLIENT)))
        .containsExactly("local 10.0.1.9:4000 > 10.0.2.1:8080");
    assertThat(director.hooks).containsExactly(Hook.PREROUTING, Hook.INPUT);
    assertThat(director.only().ttl()).isEqualTo(64);
    assertThat(director.fromHere(Director.synAck("10.0.2.1", 8080, CLIENT)))
        .containsExactly("eth0 10.96.0.1:80 > 10.0.1.9:4000");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.1.9, eth0 10.96.0.1 > 10.0.1.9 icmp 3/3",
    "fd00:1::9, eth0 fd00:96::1 > fd00:1::9 icmp 1/4"
  })
  void withoutAServerTheClientIsToldThatThePortIsUnreachable(String client, String answer) {
    Director director = new Director();
    assertThat(director.fromClients(Director.syn(client))).containsExactly(answer);
    assertThat(director.told())
        .containsExactly(new IpvsEvent.Refused("no real server is available"));
  }

  @Test
  void packetsOfNoServiceAreDelivered() {
    Director director = new Director().masqueraded(SERVER, 8080);
    assertThat(director.fromClients(Director.tcp(CLIENT, 4_000, "10.96.0.1", 81, TcpFlags.SYN)))
        .containsExactly("local 10.0.1.9:4000 > 10.96.0.1:81");
    assertThat(director.fromClients(Director.request(CLIENT, TcpFlags.ACK)))
        .containsExactly("local 10.0.1.9:4000 > 10.96.0.1:80");
    assertThat(director.told()).isEmpty();
    assertThat(director.ipvs.connectionCount()).isZero();
  }

  @Test
  void packetsOfAConnectionWhoseServerIsGoneAreDropped() {
    Director director = new Director().masqueraded(SERVER, 8080);
    director.fromClients(Director.syn(CLIENT));
    director.ipvs.removeServer(Director.V4, IpAddress.parse(SERVER), 8080);
    assertThat(director.fromClients(Director.request(CLIENT, TcpFlags.ACK))).isEmpty();
    assertThat(director.told()).containsExactly(new IpvsEvent.Refused("the packet is dropped"));
  }

  /** Of what the link broadcast nothing is balanced (pkt_type in ip_vs_in). */
  @Test
  void onlyPacketsSentToThisHostsLinkAddressAreTaken() {
    Director director = new Director().masqueraded(SERVER, 8080);
    assertThat(director.fromClients(Director.syn(CLIENT).linkType(LinkType.MULTICAST)))
        .containsExactly("local 10.0.1.9:4000 > 10.96.0.1:80");
    assertThat(director.ipvs.connectionCount()).isZero();
  }

  @Test
  void whatIpVsHasHandledItLeavesAlone() {
    Director director = new Director().masqueraded(SERVER, 8080);
    Packet handled = Director.syn(CLIENT);
    handled.attach(IpvsInfo.OF_PACKET, IpvsInfo.HANDLED);
    director.host.send(handled);
    assertThat(director.ipvs.connectionCount()).isZero();
    director.fromClients(Director.syn(CLIENT));
    Packet answer = Director.synAck(SERVER, 8080, CLIENT);
    answer.attach(IpvsInfo.OF_PACKET, IpvsInfo.HANDLED);
    assertThat(director.fromHere(answer)).containsExactly("eth0 10.0.2.5:8080 > 10.0.1.9:4000");
  }

  @Test
  void packetsCarryWhatTheIpvsMatchAsksFor() {
    Director director = new Director().masqueraded(SERVER, 8080);
    director.fromClients(Director.syn(CLIENT));
    assertThat(director.only().attachment(IpvsInfo.OF_PACKET))
        .isEqualTo(
            new IpvsInfo(
                true,
                true,
                IpAddress.parse("10.96.0.1"),
                80,
                IpvsInfo.NO_CONTROL,
                Method.MASQUERADE,
                new IpvsInfo.Ends(IpAddress.parse(CLIENT), 4_000, IpAddress.parse(SERVER), 8080)));
    director.fromServers(Director.synAck(SERVER, 8080, CLIENT));
    assertThat(director.only().attachment(IpvsInfo.OF_PACKET)).isEqualTo(IpvsInfo.HANDLED);
  }

  /** net.ipv4.vs.ignore_tunneled: what is none of ip_vs's protocols counts as handled. */
  @ParameterizedTest
  @CsvSource({"0, 1, false", "1, 1, true", "1, 47, true", "1, 50, false", "1, 51, false"})
  void otherProtocolsMayCountAsHandled(int setting, int protocol, boolean handled) {
    Director director =
        new Director(IpvsSettings.DEFAULTS.with(IpvsSysctl.IGNORE_TUNNELED, setting));
    director.fromClients(
        Director.tcp(CLIENT, 0, "10.96.0.1", 0, 0).protocol(protocol).payloadLength(8));
    assertThat(director.only().attachment(IpvsInfo.OF_PACKET).property()).isEqualTo(handled);
  }

  /** With net.ipv4.vs.backup_only a host with a backup daemon looks at no packet. */
  @ParameterizedTest
  @CsvSource({"0, true, true", "1, false, true", "1, true, false"})
  void whoLeavesAllPacketsAloneCountsNoneAsHandled(int setting, boolean daemon, boolean handled) {
    Director director =
        new Director(
            IpvsSettings.DEFAULTS
                .with(IpvsSysctl.IGNORE_TUNNELED, 1)
                .with(IpvsSysctl.BACKUP_ONLY, setting)
                .withBackup(daemon));
    director.fromClients(
        Director.tcp(CLIENT, 0, "10.96.0.1", 0, 0).protocol(IpProtocol.GRE).payloadLength(8));
    assertThat(director.only().attachment(IpvsInfo.OF_PACKET).property()).isEqualTo(handled);
  }

  /** A connection for one packet is in no table in which {@code -m ipvs} could find it. */
  @Test
  void aSinglePacketsConnectionIsNotFound() {
    Director director = new Director();
    ServiceKey dns = new ServiceKey.Virtual(IpProtocol.UDP, IpAddress.parse("10.96.0.1"), 53);
    director.ipvs.add(ServiceSpec.builder(dns).scheduler("rr").onePacket(true).build());
    director.ipvs.addServer(dns, ServerSpec.builder(IpAddress.parse(SERVER), 53).build());
    director.fromClients(
        Director.tcp(CLIENT, 4_000, "10.96.0.1", 53, 0).protocol(IpProtocol.UDP).payloadLength(20));
    assertThat(director.only().destination()).isEqualTo(IpAddress.parse(SERVER));
    assertThat(director.only().attachment(IpvsInfo.OF_PACKET)).isEqualTo(IpvsInfo.HANDLED);
  }

  /** net.ipv4.vs.nat_icmp_send. */
  @ParameterizedTest
  @CsvSource({
    "0, 10.0.2.5, 8080, 16, eth0 10.0.2.5:8080 > 10.0.1.9:4000",
    "1, 10.0.2.5, 8080, 16, eth1 10.0.2.1 > 10.0.2.5 icmp 3/3",
    "1, 10.0.2.5, 8080, 20, eth0 10.0.2.5:8080 > 10.0.1.9:4000",
    "1, 10.0.2.5, 8081, 16, eth0 10.0.2.5:8081 > 10.0.1.9:4000",
    "1, 10.0.2.6, 8080, 16, eth0 10.0.2.6:8080 > 10.0.1.9:4000",
    "1, 10.0.2.7, 8080, 16, eth0 10.0.2.7:8080 > 10.0.1.9:4000"
  })
  void aRealServersPacketWithoutAConnectionMayBeRefused(
      int setting, String source, int port, int flags, String result) {
    Director director =
        new Director(IpvsSettings.DEFAULTS.with(IpvsSysctl.NAT_ICMP_SEND, setting))
            .masqueraded(SERVER, 8080)
            .server("10.0.2.7", 8080, Method.DIRECT_ROUTING);
    assertThat(director.fromServers(Director.tcp(source, port, CLIENT, 4_000, flags)))
        .containsExactly(result);
    assertThat(director.told()).hasSize(result.contains("icmp") ? 1 : 0);
  }

  /** As recorded: of another protocol's service it is no server, and what aborts may pass. */
  @ParameterizedTest
  @CsvSource({
    "17, 0, eth0 10.0.2.5:8080 > 10.0.1.9:4000",
    "132, 2, eth1 10.0.2.1 > 10.0.2.5 icmp 3/3",
    "132, 0, eth1 10.0.2.1 > 10.0.2.5 icmp 3/3",
    "132, 6, eth0 10.0.2.5:8080 > 10.0.1.9:4000"
  })
  void onlyOfItsOwnProtocolIsAServersPacketRefused(int protocol, int chunk, String result) {
    Director director = new Director(IpvsSettings.DEFAULTS.with(IpvsSysctl.NAT_ICMP_SEND, 1));
    ServiceKey sctp = new ServiceKey.Virtual(IpProtocol.SCTP, IpAddress.parse("10.96.0.1"), 9);
    director.masqueraded(SERVER, 8080);
    director.ipvs.add(ServiceSpec.builder(sctp).build());
    director.ipvs.addServer(sctp, ServerSpec.builder(IpAddress.parse(SERVER), 8080).build());
    Packet packet =
        Director.tcp(SERVER, 8080, CLIENT, 4_000, 0)
            .protocol(protocol)
            .payload(new byte[] {(byte) chunk, 0, 0, 4});
    assertThat(director.fromServers(packet)).containsExactly(result);
  }

  @Test
  void aServiceOfUdpIsBalancedToo() {
    Director director = new Director();
    ServiceKey dns = new ServiceKey.Virtual(IpProtocol.UDP, IpAddress.parse("10.96.0.1"), 53);
    director.ipvs.add(ServiceSpec.builder(dns).scheduler("rr").build());
    director.ipvs.addServer(dns, ServerSpec.builder(IpAddress.parse(SERVER), 5_353).build());
    Packet query =
        Director.tcp(CLIENT, 4_000, "10.96.0.1", 53, 0).protocol(IpProtocol.UDP).payloadLength(20);
    assertThat(director.fromClients(query)).containsExactly("eth1 10.0.1.9:4000 > 10.0.2.5:5353");
    Packet answer =
        Director.tcp(SERVER, 5_353, CLIENT, 4_000, 0).protocol(IpProtocol.UDP).payloadLength(90);
    assertThat(director.fromServers(answer)).containsExactly("eth0 10.96.0.1:53 > 10.0.1.9:4000");
  }
}
