package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.Operation;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IpvsInfo;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How packets get to real servers, by method. */
final class TransmissionTest {
  private static final String CLIENT = "10.0.1.9";
  private static final String SERVER = "10.0.2.5";

  private static Packet bytes(Packet packet, int length) {
    return packet.payloadLength(length - packet.length());
  }

  @Test
  void directRoutingChangesNoAddress() {
    Director director = new Director().server(SERVER, 80, Method.DIRECT_ROUTING);
    assertThat(director.fromClients(Director.syn(CLIENT)))
        .containsExactly("eth1 10.0.1.9:4000 > 10.96.0.1:80");
    assertThat(director.hooks)
        .containsExactly(Hook.PREROUTING, Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING);
    assertThat(director.only().ttl()).isEqualTo(63);
    assertThat(director.only().attachment(IpvsInfo.OF_PACKET).method())
        .isEqualTo(Method.DIRECT_ROUTING);
  }

  @ParameterizedTest
  @EnumSource(
      value = Method.class,
      names = {"DIRECT_ROUTING", "TUNNEL", "LOCAL_NODE"})
  void aServerOfThisHostGetsThePacketAsItIs(Method method) {
    Director director = new Director().server("10.0.2.1", 80, method);
    assertThat(director.fromClients(Director.syn(CLIENT)))
        .containsExactly("local 10.0.1.9:4000 > 10.96.0.1:80");
    assertThat(director.ipvs.connectionCount()).isEqualTo(1);
  }

  @Test
  void aTunnelWrapsThePacket() {
    Director director = new Director().server(SERVER, 80, Method.TUNNEL);
    director.fromClients(Director.syn(CLIENT).ttl(40).tos(0x10).dontFragment(true).mark(5));
    Packet outer = director.only();
    assertThat(director.where).containsExactly("eth1");
    assertThat(outer.protocol()).isEqualTo(4);
    assertThat(outer.source()).isEqualTo(IpAddress.parse("10.0.2.1"));
    assertThat(outer.destination()).isEqualTo(IpAddress.parse(SERVER));
    assertThat(outer.ttl()).isEqualTo(39);
    assertThat(outer.tos()).isEqualTo(0x10);
    assertThat(outer.dontFragment()).isTrue();
    assertThat(outer.mark()).isEqualTo(5);
    assertThat(outer.length()).isEqualTo(60);
    assertThat(outer.inner().destination()).isEqualTo(IpAddress.parse("10.96.0.1"));
    assertThat(outer.inner().ttl()).isEqualTo(39);
    assertThat(director.host.work().count(IpvsOperations.ENCAPSULATE)).isEqualTo(1);
    director.fromClients(Director.syn("10.0.1.10"));
    assertThat(director.only().dontFragment()).isFalse();
  }

  /** A tunnel may lead to a server of the other family. */
  @Test
  void aTunnelMayCrossFamilies() {
    Director director = new Director();
    director.ipvs.addServer(
        Director.V4,
        ServerSpec.builder(IpAddress.parse("fd00:2::5"), 80).method(Method.TUNNEL).build());
    director.fromClients(Director.syn(CLIENT));
    assertThat(director.only().family()).isEqualTo(IpFamily.IPV6);
    assertThat(director.only().protocol()).isEqualTo(4);
    assertThat(director.only().source()).isEqualTo(IpAddress.parse("fd00:2::1"));
    director.ipvs.addServer(
        Director.V6, ServerSpec.builder(IpAddress.parse(SERVER), 80).method(Method.TUNNEL).build());
    director.fromClients(Director.syn("fd00:1::9").ttl(7));
    assertThat(director.only().family()).isEqualTo(IpFamily.IPV4);
    assertThat(director.only().protocol()).isEqualTo(41);
    assertThat(director.only().dontFragment()).isFalse();
    assertThat(director.only().ttl()).isEqualTo(6);
  }

  /** Packets from 127.0.0.1 stay on their host, and their sender is not told. */
  @ParameterizedTest
  @EnumSource(
      value = Method.class,
      names = {"MASQUERADE", "DIRECT_ROUTING", "TUNNEL"})
  void aPacketFromALoopbackAddressGetsToNoOtherHost(Method method) {
    Director director = new Director().server(SERVER, 80, method);
    Packet own = Director.tcp("127.0.0.1", 4_000, "10.96.0.1", 80, TcpFlags.SYN);
    assertThat(director.host.send(own)).isEqualTo(Errno.OK);
    assertThat(director.out).isEmpty();
    assertThat(director.told())
        .contains(
            new IpvsEvent.Refused("from 127.0.0.1 to 10.0.2.5 crosses the border of this host"));
    Director local = new Director().server("10.0.2.1", 80, method);
    local.host.send(Director.tcp("127.0.0.1", 4_000, "10.96.0.1", 80, TcpFlags.SYN));
    assertThat(local.where).containsExactly("local");
  }

  @ParameterizedTest
  @CsvSource({"MASQUERADE, 1", "DIRECT_ROUTING, 0", "TUNNEL, 0"})
  void aPacketThatWasToLeaveComesBackOnlyIfItIsRewritten(Method method, int delivered) {
    Director director = new Director();
    ServiceKey marked = new ServiceKey.Marked(IpFamily.IPV4, 7);
    director.ipvs.add(ServiceSpec.builder(marked).scheduler("rr").build());
    director.ipvs.addServer(
        marked, ServerSpec.builder(IpAddress.parse("10.0.2.1"), 0).method(method).build());
    Packet other = Director.tcp("10.0.1.1", 4_000, "10.0.2.77", 80, TcpFlags.SYN).mark(7);
    assertThat(director.host.send(other)).isEqualTo(Errno.OK);
    assertThat(director.out).hasSize(delivered);
  }

  @Test
  void aPacketToThisHostDoesNotBypass() {
    Director director = new Director(IpvsSettings.DEFAULTS.with(IpvsSysctl.CACHE_BYPASS, 1));
    director.ipvs.add(ServiceSpec.builder(new ServiceKey.Marked(IpFamily.IPV4, 7)).build());
    director.ipvs.unicast(address -> true);
    assertThat(director.fromClients(Director.syn(CLIENT).mark(7))).isEmpty();
    assertThat(director.told())
        .contains(
            new IpvsEvent.Refused("from 10.0.1.9 to 10.96.0.1 crosses the border of this host"));
    assertThat(director.ipvs.connection().method()).isEqualTo(Method.BYPASS);
  }

  @Test
  void aBypassedPacketGoesToItsOwnDestination() {
    Director director = new Director(IpvsSettings.DEFAULTS.with(IpvsSysctl.CACHE_BYPASS, 1));
    director.ipvs.add(ServiceSpec.builder(new ServiceKey.Marked(IpFamily.IPV4, 7)).build());
    Packet own = Director.syn(CLIENT).mark(7);
    assertThat(director.fromClients(own)).containsExactly("eth0 10.96.0.1 > 10.0.1.9 icmp 3/3");
    Packet other = Director.tcp("10.0.1.1", 4_000, "10.0.2.77", 80, TcpFlags.SYN).mark(7);
    assertThat(director.fromHere(other)).containsExactly("eth1 10.0.1.1:4000 > 10.0.2.77:80");
    assertThat(director.ipvs.connection().method()).isEqualTo(Method.BYPASS);
    assertThat(director.hooks).containsExactly(Hook.OUTPUT, Hook.OUTPUT, Hook.POSTROUTING);
  }

  @ParameterizedTest
  @CsvSource({
    "MASQUERADE, 10.0.1.9, 10.0.2.5, eth0 10.96.0.1 > 10.0.1.9 icmp 11/0",
    "DIRECT_ROUTING, 10.0.1.9, 10.0.2.5, eth0 10.96.0.1 > 10.0.1.9 icmp 11/0",
    "TUNNEL, 10.0.1.9, 10.0.2.5, eth0 10.96.0.1 > 10.0.1.9 icmp 11/0",
    "MASQUERADE, fd00:1::9, fd00:2::5, eth0 fd00:96::1 > fd00:1::9 icmp 3/0"
  })
  void theTimeToLiveRunsOut(Method method, String client, String server, String answer) {
    Director director = new Director().server(server, 80, method);
    assertThat(director.fromClients(Director.syn(client).ttl(1))).containsExactly(answer);
    assertThat(director.told()).contains(new IpvsEvent.Refused("the time to live ran out"));
    director.fromClients(Director.syn(client).sourcePort(4_001).ttl(2));
    assertThat(director.only().ttl()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "MASQUERADE, 10.0.1.9, 10.0.2.5, 1500, eth0 10.96.0.1 > 10.0.1.9 icmp 3/4",
    "DIRECT_ROUTING, 10.0.1.9, 10.0.2.5, 1500, eth0 10.96.0.1 > 10.0.1.9 icmp 3/4",
    "TUNNEL, 10.0.1.9, 10.0.2.5, 1480, eth0 10.96.0.1 > 10.0.1.9 icmp 3/4",
    "MASQUERADE, fd00:1::9, fd00:2::5, 1500, eth0 fd00:96::1 > fd00:1::9 icmp 2/0",
    "TUNNEL, fd00:1::9, fd00:2::5, 1460, eth0 fd00:96::1 > fd00:1::9 icmp 2/0"
  })
  void whatIsLongerThanTheWayTakesIsSentBack(
      Method method, String client, String server, int most, String answer) {
    Director director = new Director().server(server, 80, method);
    Packet longest = bytes(Director.syn(client).dontFragment(true), most);
    director.fromClients(longest.copy().sourcePort(4_001));
    assertThat(director.where).containsExactly("eth1");
    assertThat(director.fromClients(bytes(Director.syn(client).dontFragment(true), most + 1)))
        .containsExactly(answer);
    assertThat(director.told()).contains(new IpvsEvent.Refused("longer than " + most + " bytes"));
  }

  /**
   * From the source (ip_vs_xmit.c): the route's own MTU counts, and the error quotes one hop less.
   */
  @ParameterizedTest
  @CsvSource({
    "MASQUERADE, 10.0.1.9, 9.0.0.5, 600, 600",
    "TUNNEL, 10.0.1.9, 9.0.0.5, 600, 580",
    "DIRECT_ROUTING, fd00:1::9, fd09::5, 1400, 1400",
    "TUNNEL, fd00:1::9, fd09::5, 1400, 1360"
  })
  void theMtuIsThatOfTheRoute(Method method, String client, String server, int mtu, int most) {
    Director director = Director.withRouteOf(mtu).server(server, 80, method);
    director.fromClients(bytes(Director.syn(client).dontFragment(true), most).sourcePort(4_001));
    assertThat(director.where).containsExactly("eth1");
    director.fromClients(bytes(Director.syn(client).dontFragment(true), most + 1));
    assertThat(director.where).containsExactly("eth0");
    assertThat(director.only().inner().ttl()).isEqualTo(63);
    assertThat(director.told()).contains(new IpvsEvent.Refused("longer than " + most + " bytes"));
  }

  @ParameterizedTest
  @CsvSource({"9.0.0.5, 87", "fd09::5, 1319"})
  void aTunnelNeedsRoomForTheSmallestPacket(String server, int mtu) {
    Director director = Director.withRouteOf(mtu).server(server, 80, Method.TUNNEL);
    String client = server.contains(":") ? "fd00:1::9" : CLIENT;
    assertThat(director.fromClients(Director.syn(client))).isEmpty();
    assertThat(director.told())
        .contains(new IpvsEvent.Refused("no tunnel in packets of " + mtu + " bytes"));
    Director wider = Director.withRouteOf(mtu + 1).server(server, 80, Method.TUNNEL);
    wider.fromClients(Director.syn(client));
    assertThat(wider.where).containsExactly("eth1");
  }

  @Test
  void aLongPacketThatMayBeFragmentedGoesOn() {
    Director director = new Director().masqueraded(SERVER, 80);
    director.fromClients(bytes(Director.syn(CLIENT), 1_600));
    assertThat(director.where).isNotEmpty().containsOnly("eth1");
  }

  @ParameterizedTest
  @CsvSource({
    "MASQUERADE, 10.0.1.9, 172.16.0.1, eth0 10.96.0.1 > 10.0.1.9 icmp 3/1",
    "DIRECT_ROUTING, 10.0.1.9, 172.16.0.1, eth0 10.96.0.1 > 10.0.1.9 icmp 3/1",
    "TUNNEL, 10.0.1.9, 172.16.0.1, eth0 10.96.0.1 > 10.0.1.9 icmp 3/1",
    "MASQUERADE, fd00:1::9, fd00:3::1, eth0 fd00:96::1 > fd00:1::9 icmp 1/3"
  })
  void withoutAWayToTheServerTheClientIsTold(
      Method method, String client, String server, String answer) {
    Director director = new Director().server(server, 80, method);
    assertThat(director.fromClients(Director.syn(client))).containsExactly(answer);
    assertThat(director.told()).contains(new IpvsEvent.Refused("no route to the real server"));
  }

  /** ip_vs_nat_xmit refuses DNAT to 127/8 for packets of other hosts, not for those of this one. */
  @Test
  void otherHostsDoNotGetToTheLoopback() {
    Director director = new Director().masqueraded("127.0.0.1", 8080);
    assertThat(director.fromClients(Director.syn(CLIENT))).isEmpty();
    assertThat(director.told())
        .contains(new IpvsEvent.Refused("a packet of another host may not get to 127.0.0.1"));
    Packet own = Director.tcp("10.96.0.1", 4_000, "10.96.0.1", 80, TcpFlags.SYN);
    director.fromHere(own);
    assertThat(director.only().destination()).isEqualTo(IpAddress.parse("127.0.0.1"));
  }

  @Test
  void theRouteIsThatOfTheServerAndIsLookedUpOnce() {
    Director director = new Director().masqueraded(SERVER, 80);
    director.fromClients(Director.syn(CLIENT));
    long first = director.host.work().count(Operation.named("routeLookup"));
    director.host.work().clear();
    director.fromClients(Director.syn("10.0.1.10"));
    assertThat(director.host.work().count(Operation.named("routeLookup"))).isEqualTo(first - 1);
    assertThat(director.host.work().count(IpvsOperations.REWRITE)).isEqualTo(1);
  }
}
