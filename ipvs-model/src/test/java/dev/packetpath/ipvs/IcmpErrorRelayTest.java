package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ICMP errors about packets of balanced connections. */
final class IcmpErrorRelayTest {
  private static Director connected(String client, String server, Method method) {
    Director director = new Director().server(server, 8080, method);
    director.fromClients(Director.syn(client));
    return director;
  }

  private static Packet error(String from, int type, int code, Packet quoted) {
    IpAddress source = IpAddress.parse(from);
    return new Packet()
        .addresses(source, quoted.source())
        .protocol(source.family() == IpFamily.IPV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6)
        .icmpType(type)
        .icmpCode(code)
        .inner(quoted, quoted.length());
  }

  private static Packet answerOf(String virtual, String client) {
    return Director.tcp(virtual, 80, client, 4_000, TcpFlags.SYN | TcpFlags.ACK);
  }

  /** A router before the client tells the service; the real server is told (ip_vs_in_icmp). */
  @ParameterizedTest
  @CsvSource({
    "10.0.1.9, 10.0.2.5, 10.96.0.1, 10.0.1.200, 3, 1",
    "10.0.1.9, 10.0.2.5, 10.96.0.1, 10.0.1.200, 4, 0",
    "10.0.1.9, 10.0.2.5, 10.96.0.1, 10.0.1.200, 11, 0",
    "fd00:1::9, fd00:2::5, fd00:96::1, fd00:1::200, 1, 3",
    "fd00:1::9, fd00:2::5, fd00:96::1, fd00:1::200, 2, 0",
    "fd00:1::9, fd00:2::5, fd00:96::1, fd00:1::200, 3, 0"
  })
  void anErrorAboutAnAnswerGoesToTheRealServer(
      String client, String server, String virtual, String router, int type, int code) {
    Director director = connected(client, server, Method.MASQUERADE);
    Packet error = error(router, type, code, answerOf(virtual, client));
    assertThat(director.fromClients(error))
        .containsExactly("eth1 %s > %s icmp %s/%s".formatted(router, server, type, code));
    Packet told = director.only();
    assertThat(told.inner().source()).isEqualTo(IpAddress.parse(server));
    assertThat(told.inner().sourcePort()).isEqualTo(8080);
    assertThat(told.inner().destination()).isEqualTo(IpAddress.parse(client));
    assertThat(told.ttl()).isEqualTo(63);
    assertThat(told.attachment(IpvsInfo.OF_PACKET)).isEqualTo(IpvsInfo.HANDLED);
    assertThat(director.hooks)
        .containsExactly(Hook.PREROUTING, Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING);
  }

  @Test
  void anErrorForAServerOfThisHostIsDelivered() {
    Director director = connected("10.0.1.9", "10.0.2.1", Method.MASQUERADE);
    assertThat(director.fromClients(error("10.0.1.200", 3, 1, answerOf("10.96.0.1", "10.0.1.9"))))
        .containsExactly("local 10.0.1.200 > 10.0.2.1 icmp 3/1");
    assertThat(director.only().inner().source()).isEqualTo(IpAddress.parse("10.0.2.1"));
    assertThat(director.only().ttl()).isEqualTo(64);
  }

  @Test
  void anErrorAboutAnUnmasqueradedConnectionGoesToItsServerAsItIs() {
    Director director = connected("10.0.1.9", "10.0.2.5", Method.DIRECT_ROUTING);
    assertThat(director.fromClients(error("10.0.1.200", 3, 1, answerOf("10.96.0.1", "10.0.1.9"))))
        .containsExactly("eth1 10.0.1.200 > 10.96.0.1 icmp 3/1");
    assertThat(director.only().inner().source()).isEqualTo(IpAddress.parse("10.96.0.1"));
  }

  @Test
  void anErrorAtTheEndOfItsTimeIsDropped() {
    Director director = connected("10.0.1.9", "10.0.2.5", Method.MASQUERADE);
    Packet error = error("10.0.1.200", 3, 1, answerOf("10.96.0.1", "10.0.1.9"));
    assertThat(director.fromClients(error.copy().ttl(1))).isEmpty();
    assertThat(director.fromClients(error.copy().ttl(2))).hasSize(1);
    assertThat(director.only().ttl()).isEqualTo(1);
  }

  @Test
  void anErrorForAServerWithoutARouteIsDropped() {
    Director director = connected("10.0.1.9", "172.16.0.1", Method.MASQUERADE);
    assertThat(director.ipvs.connectionCount()).isEqualTo(1);
    assertThat(director.fromClients(error("10.0.1.200", 3, 1, answerOf("10.96.0.1", "10.0.1.9"))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"8,0", "12,0", "5,1"})
  void otherMessagesAreDelivered(int type, int code) {
    Director director = connected("10.0.1.9", "10.0.2.5", Method.MASQUERADE);
    Packet error = error("10.0.1.200", type, code, answerOf("10.96.0.1", "10.0.1.9"));
    assertThat(director.fromClients(error))
        .containsExactly("local 10.0.1.200 > 10.96.0.1 icmp %s/%s".formatted(type, code));
  }

  @Test
  void errorsAboutOtherPacketsAreDelivered() {
    Director director = connected("10.0.1.9", "10.0.2.5", Method.MASQUERADE);
    Packet strange = answerOf("10.96.0.1", "10.0.1.9").destinationPort(4_444);
    assertThat(director.fromClients(error("10.0.1.200", 3, 1, strange)))
        .containsExactly("local 10.0.1.200 > 10.96.0.1 icmp 3/1");
    Packet piece = answerOf("10.96.0.1", "10.0.1.9").fragmentOffset(64);
    assertThat(director.fromClients(error("10.0.1.200", 3, 1, piece)))
        .containsExactly("local 10.0.1.200 > 10.96.0.1 icmp 3/1");
    Packet ping = answerOf("10.96.0.1", "10.0.1.9").protocol(IpProtocol.ICMP).icmpType(0);
    assertThat(director.fromClients(error("10.0.1.200", 3, 1, ping)))
        .containsExactly("local 10.0.1.200 > 10.96.0.1 icmp 3/1");
  }

  /**
   * A real server's error about a request comes to the client from the service (ip_vs_out_icmp).
   */
  @ParameterizedTest
  @CsvSource({"10.0.1.9, 10.0.2.5, 10.96.0.1, 3, 3", "fd00:1::9, fd00:2::5, fd00:96::1, 1, 4"})
  void anErrorAboutARequestComesFromTheService(
      String client, String server, String virtual, int type, int code) {
    Director director = connected(client, server, Method.MASQUERADE);
    Packet request = Director.tcp(client, 4_000, server, 8080, TcpFlags.SYN);
    assertThat(director.fromServers(error(server, type, code, request)))
        .containsExactly("eth0 %s > %s icmp %s/%s".formatted(virtual, client, type, code));
    Packet told = director.only();
    assertThat(told.inner().destination()).isEqualTo(IpAddress.parse(virtual));
    assertThat(told.inner().destinationPort()).isEqualTo(80);
    assertThat(told.attachment(IpvsInfo.OF_PACKET)).isEqualTo(IpvsInfo.HANDLED);
    assertThat(director.hooks).containsExactly(Hook.PREROUTING, Hook.FORWARD, Hook.POSTROUTING);
  }

  @Test
  void anErrorOfAServerThatIsNotMasqueradedIsForwardedAsItIs() {
    Director director = connected("10.0.1.9", "10.0.2.5", Method.TUNNEL);
    Packet request = Director.tcp("10.0.1.9", 4_000, "10.96.0.1", 80, TcpFlags.SYN);
    assertThat(director.fromServers(error("10.0.2.5", 3, 3, request)))
        .containsExactly("eth0 10.0.2.5 > 10.0.1.9 icmp 3/3");
    Packet other = Director.tcp("10.0.1.9", 4_000, "10.0.2.5", 8081, TcpFlags.SYN);
    assertThat(
            connected("10.0.1.9", "10.0.2.5", Method.MASQUERADE)
                .fromServers(error("10.0.2.5", 3, 3, other)))
        .containsExactly("eth0 10.0.2.5 > 10.0.1.9 icmp 3/3");
  }
}
