package dev.packetpath.iptables.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.ConnectionStatus;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets that rewrite, mark or refuse connections. */
final class ConnectionTargetsTest {
  private static Packet first(String chain, String target, Packet packet) {
    TargetLab lab = TargetLab.with("nat", "-A " + chain + " -j " + target);
    lab.receive(packet);
    return lab.onlyEmitted();
  }

  @Test
  void dnatRewritesTheDestinationBeforeRouting() {
    TargetLab lab =
        TargetLab.with(
            "nat", "-A PREROUTING -p udp --dport 53 -j DNAT --to-destination 10.2.0.9:5353");
    lab.receive(TargetLab.udp("10.96.0.1", 53));
    assertThat(lab.onlyEmitted().destination()).isEqualTo(IpAddress.parse("10.2.0.9"));
    assertThat(lab.onlyEmitted().destinationPort()).isEqualTo(5353);
  }

  @Test
  void snatRewritesTheSource() {
    Packet out = first("POSTROUTING", "SNAT --to-source 10.2.0.77", TargetLab.udp("10.2.0.5", 53));
    assertThat(out.source()).isEqualTo(IpAddress.parse("10.2.0.77"));
    assertThat(out.sourcePort()).isEqualTo(10);
  }

  @Test
  void masqueradeTakesTheAddressOfTheDeviceBehind() {
    Packet out = first("POSTROUTING", "MASQUERADE", TargetLab.udp("10.2.0.5", 53));
    assertThat(out.source()).isEqualTo(IpAddress.parse("10.2.0.1"));
  }

  @Test
  void masqueradeKeepsToItsPorts() {
    TargetLab lab = TargetLab.with("nat", "-A POSTROUTING -p udp -j MASQUERADE --to-ports 700");
    lab.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(lab.onlyEmitted().sourcePort()).isEqualTo(700);
  }

  @Test
  void redirectTakesTheAddressOfTheDeviceBefore() {
    TargetLab lab = TargetLab.with("nat", "-A PREROUTING -p udp -j REDIRECT --to-ports 8053");
    lab.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(lab.delivered).hasSize(1);
    assertThat(lab.delivered.get(0).destination()).isEqualTo(IpAddress.parse("10.1.0.1"));
    assertThat(lab.delivered.get(0).destinationPort()).isEqualTo(8053);
  }

  @Test
  void netmapReplacesTheNetworkOfTheEndThatTheHookIsAbout() {
    Packet in = first("PREROUTING", "NETMAP --to 10.2.3.0/24", TargetLab.udp("10.99.0.5", 53));
    assertThat(in.destination()).isEqualTo(IpAddress.parse("10.2.3.5"));
    Packet out = first("POSTROUTING", "NETMAP --to 10.3.0.0/16", TargetLab.udp("10.2.0.5", 53));
    assertThat(out.source()).isEqualTo(IpAddress.parse("10.3.0.5"));
  }

  @ParameterizedTest
  @CsvSource({
    "--set-xmark 0x5/0xff, 0, 0x00000005",
    "--set-mark 0x3/0xf0, 0, 0x00000003",
    "--save-mark, 0xabcd, 0x0000abcd",
    "--save-mark --nfmask 0xff --ctmask 0xf, 0xabcd, 0x000000cd",
    "--save-mark --left-shift-mark 8, 0xabcd, 0x00abcd00",
    "--save-mark --right-shift-mark 8, 0xabcd, 0x000000ab",
    "--set-mark 0x80000000 --right-shift-mark 31, 0, 0x00000001"
  })
  void connmarkChangesTheMarkOfTheConnection(String options, String packetMark, String expected) {
    TargetLab lab =
        TargetLab.with(
            "mangle",
            "-A PREROUTING -j MARK --set-mark " + packetMark,
            "-A PREROUTING -j CONNMARK " + options);
    lab.receive(TargetLab.udp("10.2.0.5", 53));
    Connection connection = lab.conntrack.connections().get(0);
    assertThat(String.format("0x%08x", connection.mark())).isEqualTo(expected);
  }

  /** All bits of the value are flipped in, those of the mask were cleared before. */
  @ParameterizedTest
  @CsvSource({
    "--set-xmark 0xf0f/0xff, 0x00000f0f, 0x00ff0f0f",
    "--set-mark 0xf0f/0xff, 0x00000f0f, 0x00ff0f0f",
    "--xor-mark 0xff, 0x000000ff, 0x00ff0000",
    "--and-mark 0xf0000f, 0x00000000, 0x00f0000f",
    "--or-mark 0x12345678, 0x12345678, 0x12ff56ff"
  })
  void marksAreChangedUnderTheirMask(String change, String alone, String ofMarked) {
    for (String before : new String[] {"0", "0xff00ff"}) {
      TargetLab lab =
          TargetLab.with(
              "mangle",
              "-A PREROUTING -j CONNMARK --set-mark " + before,
              "-A PREROUTING -j CONNMARK " + change,
              "-A PREROUTING -j MARK --set-mark " + before,
              "-A PREROUTING -j MARK " + change);
      Packet packet = lab.receive(TargetLab.udp("10.2.0.5", 53));
      String expected = before.equals("0") ? alone : ofMarked;
      assertThat(String.format("0x%08x", packet.mark())).as("packet").isEqualTo(expected);
      assertThat(String.format("0x%08x", lab.conntrack.connections().get(0).mark()))
          .as("connection")
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--save-mark --nfmask 0xff --ctmask 0xf00, 0x000012ab, 0x0000f0a4",
    "--save-mark --nfmask 0xff --ctmask 0xff, 0x000012ab, 0x0000ffab",
    "--restore-mark --nfmask 0xf --ctmask 0xff, 0x000012af, 0x0000ff0f",
    "--restore-mark --nfmask 0xff --ctmask 0xff00 --left-shift-mark 8, 0x00ff1200, 0x0000ff0f"
  })
  void copiedBitsJoinThoseOutsideTheMask(String copy, String packetMark, String connectionMark) {
    TargetLab lab =
        TargetLab.with(
            "mangle",
            "-A PREROUTING -j CONNMARK --set-mark 0xff0f",
            "-A PREROUTING -j MARK --set-mark 0x12ab",
            "-A PREROUTING -j CONNMARK " + copy);
    Packet packet = lab.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(String.format("0x%08x", packet.mark())).isEqualTo(packetMark);
    assertThat(String.format("0x%08x", lab.conntrack.connections().get(0).mark()))
        .isEqualTo(connectionMark);
  }

  @Test
  void connmarkGivesLaterPacketsTheMarkOfTheirConnection() {
    TargetLab lab =
        TargetLab.with(
            "mangle",
            "-A PREROUTING -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xf0",
            "-A POSTROUTING -j CONNMARK --set-mark 0x1234");
    assertThat(lab.receive(TargetLab.udp("10.2.0.5", 53)).mark()).isZero();
    assertThat(lab.receive(TargetLab.udp("10.2.0.5", 53)).mark()).isEqualTo(0x30);
  }

  @Test
  void connmarkPassesOverAPacketWithoutConnection() {
    TargetLab lab = new TargetLab();
    lab.load(
        IpFamily.IPV4,
        "*raw\n-A PREROUTING -j NOTRACK\nCOMMIT\n"
            + "*mangle\n-A PREROUTING -j MARK --set-mark 7\n"
            + "-A PREROUTING -j CONNMARK --restore-mark\nCOMMIT\n");
    lab.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(lab.onlyEmitted().mark()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"NOTRACK", "CT --notrack", "CT --notrack --zone 5"})
  void anUntrackedPacketLeavesNoConnection(String target) {
    TargetLab lab = TargetLab.with("raw", "-A PREROUTING -j " + target);
    Packet packet = lab.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(PacketConnection.stateOf(packet)).isEqualTo(ConnectionState.UNTRACKED);
    assertThat(lab.emitted).hasSize(1);
    assertThat(lab.conntrack.size()).isZero();
  }

  @Test
  void connectionsGetTheZoneOfTheirFirstRule() {
    TargetLab lab =
        TargetLab.with("raw", "-A PREROUTING -j CT --zone 5", "-A PREROUTING -j CT --zone 6");
    lab.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(lab.conntrack.connections().get(0).zone()).isEqualTo(5);
  }

  @Test
  void aTemplateThatAsksForNothingStillKeepsALaterOneOut() {
    TargetLab lab = TargetLab.with("raw", "-A PREROUTING -j CT", "-A PREROUTING -j NOTRACK");
    lab.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(lab.conntrack.size()).isEqualTo(1);
  }

  @Test
  void theMarkCanBeTheZone() {
    TargetLab lab =
        TargetLab.with(
            "raw", "-A PREROUTING -j MARK --set-mark 9", "-A PREROUTING -j CT --zone mark");
    lab.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(lab.conntrack.connections().get(0).zone()).isEqualTo(9);
  }

  @Test
  void connectionsGetTheirHelper() {
    TargetLab lab = TargetLab.with("raw", "-A PREROUTING -p udp -j CT --helper tftp");
    lab.receive(TargetLab.udp("10.2.0.5", 69));
    Connection connection = lab.conntrack.connections().get(0);
    assertThat(connection.helper()).isEqualTo("tftp");
    assertThat(connection.hasAny(ConnectionStatus.HELPER)).isTrue();
  }
}
