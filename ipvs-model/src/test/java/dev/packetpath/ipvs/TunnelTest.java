package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpTypes;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tunnels of each type, and what comes back about them; the kernel's own are in node's tests. */
final class TunnelTest {
  private static final String CLIENT = "10.0.1.9";
  private static final String SERVER = "10.0.2.5";

  private static Director director(Tunnel tunnel) {
    Director director = new Director();
    director.ipvs.addServer(
        Director.V4,
        ServerSpec.builder(IpAddress.parse(SERVER), 80)
            .method(Method.TUNNEL)
            .tunnel(tunnel)
            .build());
    return director;
  }

  private static Packet error(Packet about, int mtu) {
    return new Packet()
        .addresses(IpAddress.parse("10.0.2.77"), about.source())
        .protocol(IpProtocol.ICMP)
        .icmpType(IcmpTypes.DESTINATION_UNREACHABLE)
        .icmpCode(4)
        .icmpSequence(mtu)
        .inner(about.copy(), about.length());
  }

  @ParameterizedTest
  @CsvSource({
    "IPIP, 0, REMOTE",
    "GRE, 0, REMOTE",
    "GUE, 0, NONE",
    "GUE, 65536, NONE",
    "GRE, 7, NONE"
  })
  void whatDoesNotFitTogetherIsRefused(Tunnel.Type type, int port, Tunnel.Checksum checksum) {
    assertThatThrownBy(() -> new Tunnel(type, port, checksum))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void gueHasAPortForAFlow() {
    Director director = director(new Tunnel(Tunnel.Type.GUE, 6080, Tunnel.Checksum.NONE));
    director.fromClients(Director.syn(CLIENT));
    Packet first = director.only();
    assertThat(first.protocol()).isEqualTo(IpProtocol.UDP);
    assertThat(first.destinationPort()).isEqualTo(6080);
    assertThat(first.sourcePort()).isBetween(32_768, 60_998);
    assertThat(first.length()).isEqualTo(20 + 8 + 4 + 40);
    director.fromClients(Director.request(CLIENT, 0x10));
    assertThat(director.only().sourcePort()).isEqualTo(first.sourcePort());
    director.fromClients(Director.syn(CLIENT).sourcePort(4_001));
    assertThat(director.only().sourcePort()).isNotEqualTo(first.sourcePort());
  }

  /** RFC 2784: the sum of the header, with its checksum as 0, and the packet. */
  @Test
  void greMayHaveAChecksum() {
    Director director = director(new Tunnel(Tunnel.Type.GRE, 0, Tunnel.Checksum.OUTER));
    director.fromClients(Director.syn(CLIENT));
    byte[] bytes = WireFormat.encode(director.only());
    assertThat(bytes).hasSize(20 + 8 + 40);
    assertThat(bytes[20]).isEqualTo((byte) 0x80);
    long sum = 0;
    for (int at = 20; at < bytes.length; at += 2) {
      sum += (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
    assertThat((sum >>> 16) + (sum & 0xffff)).isEqualTo(0xffff);
  }

  /** From net/ipv4/route.c: ten minutes, and no less than 552 bytes. */
  @ParameterizedTest
  @CsvSource({"1400, 1400", "300, 552"})
  void whatARouterSaysOfTheLengthHoldsTenMinutes(int told, int heeded) {
    Director director = director(Tunnel.IPIP);
    Packet request = Director.syn(CLIENT).dontFragment(true);
    director.fromClients(request.copy());
    director.fromServers(error(director.only(), told));
    assertThat(director.only().icmpSequence()).isEqualTo(1_480);
    Packet fitting = request.copy().payloadLength(heeded - 20 - 40);
    director.fromClients(fitting.copy());
    assertThat(director.where).containsExactly("eth1");
    Packet longer = fitting.copy().payloadLength(fitting.payloadLength() + 1);
    director.fromClients(longer.copy());
    assertThat(director.only().icmpSequence()).isEqualTo(heeded - 20);
    director.clock.advanceTo(601_000_000_000L);
    director.fromClients(longer.copy());
    assertThat(director.where).containsExactly("eth1");
  }

  @Test
  void aBackupThatLeavesAllPacketsAloneTellsNoClient() {
    Director director = director(Tunnel.IPIP);
    director.fromClients(Director.syn(CLIENT).dontFragment(true));
    Packet error = error(director.only(), 1_400);
    director.ipvs.settings(IpvsSettings.DEFAULTS.with(IpvsSysctl.BACKUP_ONLY, 1).withBackup(true));
    assertThat(director.fromServers(error)).containsExactly("local 10.0.2.77 > 10.0.2.1 icmp 3/4");
  }

  @Test
  void anErrorWithAWrongChecksumIsDropped() {
    Director director = director(Tunnel.IPIP);
    director.fromClients(Director.syn(CLIENT).dontFragment(true));
    Packet error = error(director.only(), 1_400);
    assertThat(director.fromServers(error.copy().checksumValid(false))).isEmpty();
    assertThat(director.fromServers(error)).containsExactly("eth0 10.96.0.1 > 10.0.1.9 icmp 3/4");
  }
}
