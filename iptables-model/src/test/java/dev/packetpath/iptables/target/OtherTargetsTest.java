package dev.packetpath.iptables.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.conntrack.ConnectionStatus;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.LoadException;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets that hand packets, copies or facts to others. */
final class OtherTargetsTest {
  @Test
  void aQueueWithoutListenerKeepsThePacketUnlessBypassed() {
    TargetLab lab =
        TargetLab.with(
            "filter",
            "-A FORWARD -p udp --dport 1 -j NFQUEUE --queue-num 3",
            "-A FORWARD -p udp --dport 2 -j NFQUEUE --queue-num 3 --queue-bypass",
            "-A FORWARD -j DROP");
    lab.receive(TargetLab.udp("10.2.0.5", 1));
    lab.receive(TargetLab.udp("10.2.0.5", 2));
    assertThat(lab.onlyEmitted().destinationPort()).isEqualTo(2);
  }

  @Test
  void aConnectionThatLeavesNatByABypassedQueueIsAskedForAgain() {
    TargetLab lab =
        TargetLab.with(
            "nat",
            "-A PREROUTING -p udp --dport 1 -j NFQUEUE --queue-num 3 --queue-bypass",
            "-A PREROUTING -p udp -j DNAT --to-destination 10.2.0.9");
    lab.receive(TargetLab.udp("10.2.0.5", 1));
    lab.receive(TargetLab.udp("10.2.0.5", 1));
    lab.receive(TargetLab.udp("10.2.0.5", 2));
    assertThat(lab.emitted)
        .extracting(packet -> packet.destination().toString())
        .containsExactly("10.2.0.5", "10.2.0.5", "10.2.0.9");
    assertThat(lab.conntrack.connections())
        .extracting(connection -> connection.hasAny(ConnectionStatus.DST_NAT_DONE))
        .containsExactlyInAnyOrder(false, true);
  }

  @Test
  void aTransparentProxyThatDoesNotListenLosesThePacket() {
    TargetLab lab = TargetLab.with("mangle", "-A PREROUTING -p udp -j TPROXY --on-port 5000");
    lab.receive(TargetLab.udp("10.2.0.5", 1));
    assertThat(lab.emitted).isEmpty();
    assertThat(lab.delivered).isEmpty();
  }

  @Test
  void traceMarksThePacket() {
    TargetLab lab = TargetLab.with("raw", "-A PREROUTING -j TRACE");
    assertThat(lab.receive(TargetLab.udp("10.2.0.5", 1)).traced()).isTrue();
  }

  @Test
  void classifyGivesThePacketItsPriority() {
    TargetLab lab = TargetLab.with("mangle", "-A POSTROUTING -j CLASSIFY --set-class 1:20");
    assertThat(lab.receive(TargetLab.udp("10.2.0.5", 1)).priority()).isEqualTo(0x10020);
  }

  @ParameterizedTest
  @CsvSource({
    "LOG --log-prefix x",
    "NFLOG",
    "AUDIT --type drop",
    "IDLETIMER --timeout 5 --label x",
    "CONNSECMARK --save",
    "CHECKSUM --checksum-fill",
    "SECMARK --selctx a:b:c"
  })
  void targetsThatOnlyTellLetThePacketGoOn(String target) {
    TargetLab lab = TargetLab.with("mangle", "-A FORWARD -j " + target);
    lab.receive(TargetLab.udp("10.2.0.5", 1));
    assertThat(lab.emitted).hasSize(1);
  }

  @Test
  void aCopyGoesToTheGatewayUntrackedAndIsNotCopiedAgain() {
    TargetLab lab = new TargetLab();
    lab.load(
        IpFamily.IPV4,
        "*mangle\n-A PREROUTING -j TEE --gateway 10.2.0.9\n-A OUTPUT -j TEE --gateway 10.2.0.9\n"
            + "-A POSTROUTING -m mark --mark 1 -j DROP\nCOMMIT\n"
            + "*nat\n-A PREROUTING -j DNAT --to-destination 10.2.0.5\nCOMMIT\n");
    lab.receive(TargetLab.udp("10.96.0.1", 1));

    assertThat(lab.emitted).hasSize(2);
    Packet copy = lab.emitted.get(0);
    assertThat(copy.destination()).isEqualTo(IpAddress.parse("10.96.0.1"));
    assertThat(copy.ttl()).isEqualTo(63);
    assertThat(copy.dontFragment()).isTrue();
    assertThat(lab.emittedAt.get(0)).isEqualTo(TargetLab.ETH1);
    assertThat(lab.emitted.get(1).destination()).isEqualTo(IpAddress.parse("10.2.0.5"));
    assertThat(lab.conntrack.size()).isEqualTo(1);
  }

  @Test
  void aCopyBehindRoutingKeepsItsTimeToLive() {
    TargetLab lab = TargetLab.with("mangle", "-A POSTROUTING -j TEE --gateway 10.2.0.9");
    lab.receive(TargetLab.udp("10.2.0.5", 1).ttl(20));
    assertThat(lab.emitted).extracting(Packet::ttl).containsExactly(19, 19);
  }

  private static TargetLab withSets(String sets) throws IOException {
    TargetLab lab = new TargetLab();
    lab.sets.restore("sets", new StringReader(sets), false);
    return lab;
  }

  private static String saved(TargetLab lab) throws IOException {
    StringBuilder text = new StringBuilder();
    lab.sets.save(text);
    return text.toString();
  }

  @Test
  void aSetGrowsByThePacketsThatMatch() throws IOException {
    TargetLab lab = withSets("create seen hash:ip,port\n");
    lab.load(IpFamily.IPV4, "filter", "-A FORWARD -j SET --add-set seen src,dst");
    lab.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(saved(lab)).contains("add seen 10.1.0.5,udp:53\n");
    assertThat(lab.emitted).hasSize(1);
  }

  @Test
  void aSetShrinksByThePacketsThatMatch() throws IOException {
    TargetLab lab = withSets("create seen hash:ip\nadd seen 10.1.0.5\n");
    lab.load(IpFamily.IPV4, "filter", "-A FORWARD -j SET --del-set seen src");
    lab.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(lab.sets.size("seen")).isZero();
  }

  @Test
  void aSetGivesThePacketItsMarkAndPriority() throws IOException {
    TargetLab lab =
        withSets(
            "create info hash:ip skbinfo\n"
                + "add info 10.1.0.5 skbmark 0x10/0xf0 skbprio 1:20 skbqueue 3\n");
    lab.load(IpFamily.IPV4, "mangle", "-A FORWARD -j SET --map-set info src --map-mark --map-prio");
    Packet packet = lab.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(packet.mark()).isEqualTo(0x10);
    assertThat(packet.priority()).isEqualTo(0x10020);
  }

  @Test
  void aSetThatDoesNotExistOrHasAnotherFamilyIsRefused() throws IOException {
    TargetLab lab = withSets("create six hash:ip family inet6\n");
    assertThatThrownBy(
            () -> lab.load(IpFamily.IPV4, "filter", "-A FORWARD -j SET --add-set none src"))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("none");
    assertThatThrownBy(
            () -> lab.load(IpFamily.IPV4, "filter", "-A FORWARD -j SET --add-set six src"))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("six");
  }

  @Test
  void teeOverADeviceThatIsNotThereGoesByTheRouteToItsGateway() {
    TargetLab tee = TargetLab.with("mangle", "-A PREROUTING -j TEE --gateway 10.1.0.9 --oif eth+");
    tee.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(tee.emittedAt).containsExactly(TargetLab.ETH0, TargetLab.ETH1);
  }

  @ParameterizedTest
  @CsvSource({"0, EINVAL, 0", "1, OK, 1"})
  void aLoopbackSourceLeavesTheHostOnlyWhereTheSettingSaysSo(
      String routeLocalnet, Errno errno, int emitted) {
    TargetLab lab =
        new TargetLab(
            new Sysctls(ImmutableMap.of("net.ipv4.conf.all.route_localnet", routeLocalnet)));
    lab.load(IpFamily.IPV4, "nat", "-A OUTPUT -p udp --dport 80 -j DNAT --to-destination 10.2.0.5");
    assertThat(lab.host.send(loopback(IpProtocol.UDP))).isEqualTo(errno);
    assertThat(lab.emittedAt).hasSize(emitted);
  }

  @ParameterizedTest
  @CsvSource({"udp, icmp-port-unreachable", "tcp, tcp-reset"})
  void anAnswerFromALoopbackAddressToAnotherHostIsNotSent(String protocol, String type) {
    TargetLab lab = new TargetLab();
    lab.load(
        IpFamily.IPV4,
        "*nat\n-A POSTROUTING -j SNAT --to-source 10.2.9.9\nCOMMIT\n*filter\n-A INPUT -p "
            + protocol
            + " -j REJECT --reject-with "
            + type
            + "\nCOMMIT\n");
    lab.host.send(loopback(protocol.equals("tcp") ? IpProtocol.TCP : IpProtocol.UDP));
    assertThat(lab.emitted).isEmpty();
    assertThat(lab.delivered).isEmpty();
    assertThat(lab.conntrack.connections().get(0).stateName()).isNotEqualTo("CLOSE");
  }

  private static Packet loopback(int protocol) {
    return TargetLab.packet(protocol, "127.0.0.1", "127.0.0.1")
        .ports(1, 80)
        .tcpFlags(protocol == IpProtocol.TCP ? TcpFlags.SYN : 0);
  }

  @Test
  void postroutingTakesTheDeviceThatACopyIsMadeAtForTheOneItCameInBy() {
    TargetLab tee =
        TargetLab.with(
            "mangle",
            ":back - [0:0]",
            "-A PREROUTING -j TEE --gateway 10.1.0.9",
            "-A POSTROUTING -j back",
            "-A back -i eth0 -o eth0 -j MARK --set-mark 7");
    tee.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(tee.emitted).extracting(Packet::mark).containsExactly(7, 0);
  }
}
