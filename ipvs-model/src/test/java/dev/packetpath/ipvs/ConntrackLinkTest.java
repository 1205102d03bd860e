package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is left in connection tracking, without and with net.ipv4.vs.conntrack. */
final class ConntrackLinkTest {
  private static final String CLIENT = "10.0.1.9";
  private static final String SERVER = "10.0.2.5";
  private static final IpvsSettings TRACKED = IpvsSettings.DEFAULTS.with(IpvsSysctl.CONNTRACK, 1);

  private static Connection only(Director director) {
    assertThat(director.conntrack.connections()).hasSize(1);
    return director.conntrack.connections().get(0);
  }

  @ParameterizedTest
  @EnumSource(
      value = Method.class,
      names = {"MASQUERADE", "DIRECT_ROUTING"})
  void withoutTheSettingPacketsAreUntracked(Method method) {
    Director director = new Director().server(SERVER, 80, method);
    director.fromClients(Director.syn(CLIENT));
    assertThat(director.conntrack.size()).isZero();
    assertThat(PacketConnection.stateOf(director.only())).isEqualTo(ConnectionState.UNTRACKED);
    if (method == Method.MASQUERADE) {
      // A SYN-ACK alone begins no entry and is invalid, which it stays.
      director.fromServers(Director.synAck(SERVER, 80, CLIENT));
      assertThat(PacketConnection.stateOf(director.only())).isEqualTo(ConnectionState.NONE);
    }
    director.clock.advanceTo(100_000_000_000L);
    director.ipvs.advance();
    assertThat(director.ipvs.connectionCount()).isZero();
  }

  /** What connection tracking holds to be invalid is not untracked: it is looked at once more. */
  @Test
  void anInvalidPacketStaysInvalid() {
    Director director = new Director().masqueraded(SERVER, 8080);
    director.fromClients(Director.syn(CLIENT));
    director.fromClients(Director.request(CLIENT, TcpFlags.RST));
    assertThat(director.only().destination()).isEqualTo(IpAddress.parse(SERVER));
    assertThat(PacketConnection.stateOf(director.only())).isEqualTo(ConnectionState.NONE);
    director.fromServers(Director.tcp(SERVER, 8080, CLIENT, 4_000, TcpFlags.RST));
    assertThat(director.only().source()).isEqualTo(IpAddress.parse("10.96.0.1"));
    assertThat(PacketConnection.stateOf(director.only())).isEqualTo(ConnectionState.NONE);
    director.fromServers(Director.tcp(SERVER, 8080, CLIENT, 4_000, TcpFlags.ACK));
    assertThat(PacketConnection.stateOf(director.only())).isEqualTo(ConnectionState.UNTRACKED);
  }

  /** As in `conntrack -L`: src=client dst=service, in reply src=server dst=client. */
  @Test
  void withTheSettingTheEntryExpectsTheServersAnswer() {
    Director director = new Director(TRACKED).masqueraded(SERVER, 8080);
    director.fromClients(Director.syn(CLIENT));
    assertThat(only(director).original().toString()).isEqualTo("10.0.1.9:4000 > 10.96.0.1:80");
    assertThat(only(director).reply().toString()).isEqualTo("10.0.2.5:8080 > 10.0.1.9:4000");
    director.fromServers(Director.synAck(SERVER, 8080, CLIENT));
    assertThat(PacketConnection.stateOf(director.only()))
        .isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(only(director).stateName()).isEqualTo("SYN_RECV");
  }

  @Test
  void anAnswerThatBeginsAnEntryLetsItExpectTheClientAtTheService() {
    Director director = new Director(TRACKED).masqueraded(SERVER, 8080);
    director.fromClients(Director.syn(CLIENT));
    director.conntrack.flush();
    director.fromServers(Director.tcp(SERVER, 8080, CLIENT, 4_000, TcpFlags.ACK).payloadLength(10));
    assertThat(only(director).original().toString()).isEqualTo("10.0.2.5:8080 > 10.0.1.9:4000");
    assertThat(only(director).reply().toString()).isEqualTo("10.0.1.9:4000 > 10.96.0.1:80");
  }

  @Test
  void aDirectlyRoutedConnectionKeepsItsUnrepliedEntry() {
    Director director = new Director(TRACKED).server(SERVER, 80, Method.DIRECT_ROUTING);
    director.fromClients(Director.syn(CLIENT));
    assertThat(only(director).reply().toString()).isEqualTo("10.96.0.1:80 > 10.0.1.9:4000");
    assertThat(only(director).stateName()).isEqualTo("SYN_SENT");
  }

  /** The inner packet's entry is confirmed, the outer packet has one of protocol 4. */
  @Test
  void aTunnelledPacketHasTwoEntries() {
    Director director = new Director(TRACKED).server(SERVER, 80, Method.TUNNEL);
    director.fromClients(Director.syn(CLIENT));
    assertThat(director.conntrack.connections())
        .extracting(Connection::protocol)
        .containsExactlyInAnyOrder(IpProtocol.TCP, 4);
    Director untracked = new Director().server(SERVER, 80, Method.TUNNEL);
    untracked.fromClients(Director.syn(CLIENT));
    assertThat(only(untracked).protocol()).isEqualTo(4);
    assertThat(PacketConnection.connectionOf(untracked.only().inner()).exists()).isFalse();
  }

  @Test
  void theEntryEndsWithTheConnection() {
    Director director = new Director(TRACKED).masqueraded(SERVER, 8080);
    director.fromClients(Director.syn(CLIENT));
    director.fromClients(Director.tcp(CLIENT, 4_001, "10.96.0.1", 81, TcpFlags.SYN));
    assertThat(director.conntrack.size()).isEqualTo(2);
    director.ipvs.expire(director.ipvs.connection());
    assertThat(only(director).original().destinationPort()).isEqualTo(81);
  }

  @Test
  void theEntryOfAnUntrackedConnectionStays() {
    Director director = new Director().masqueraded(SERVER, 8080);
    director.fromClients(Director.syn(CLIENT));
    IpvsConnection connection = director.ipvs.connection();
    director.ipvs.removeServer(Director.V4, IpAddress.parse(SERVER), 8080);
    director.ipvs.remove(Director.V4);
    director.fromClients(Director.syn(CLIENT).tcpFlags(TcpFlags.SYN));
    int entries = director.conntrack.size();
    director.ipvs.expire(connection);
    assertThat(director.conntrack.size()).isEqualTo(entries);
  }

  /** Of one-packet scheduling the entry keeps expecting the service's own answer. */
  @Test
  void datagramsOfAOnePacketServiceAlterNoEntry() {
    Director director = new Director(TRACKED);
    ServiceKey dns = new ServiceKey.Virtual(IpProtocol.UDP, IpAddress.parse("10.96.0.1"), 53);
    director.ipvs.add(ServiceSpec.builder(dns).scheduler("rr").onePacket(true).build());
    director.ipvs.addServer(dns, ServerSpec.builder(IpAddress.parse(SERVER), 53).build());
    Packet query =
        Director.tcp(CLIENT, 4_000, "10.96.0.1", 53, 0).protocol(IpProtocol.UDP).payloadLength(20);
    director.fromClients(query);
    assertThat(only(director).reply().toString()).isEqualTo("10.96.0.1:53 > 10.0.1.9:4000");
  }

  /** As recorded: the confirmed entry of an old connection costs the new one its first SYN. */
  @Test
  void aReusedPortLosesItsFirstSynWhileTheEntryIsConfirmed() {
    Director director =
        new Director(TRACKED).masqueraded(SERVER, 8080).masqueraded("10.0.2.6", 8080);
    director.fromClients(Director.syn(CLIENT));
    director.fromServers(Director.synAck("10.0.2.6", 8080, CLIENT));
    director.fromClients(Director.request(CLIENT, TcpFlags.ACK));
    director.fromClients(Director.request(CLIENT, TcpFlags.FIN | TcpFlags.ACK));
    director.fromServers(
        Director.tcp("10.0.2.6", 8080, CLIENT, 4_000, TcpFlags.FIN | TcpFlags.ACK));
    assertThat(director.ipvs.connection().stateName()).isEqualTo("TIME_WAIT");
    assertThat(director.fromClients(Director.syn(CLIENT))).isEmpty();
    assertThat(director.told()).containsExactly(new IpvsEvent.Refused("the packet is dropped"));
    assertThat(director.fromClients(Director.syn(CLIENT)))
        .containsExactly("eth1 10.0.1.9:4000 > 10.0.2.5:8080");
  }
}
