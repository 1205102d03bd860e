package dev.packetpath.iptables.target;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.BaseEncoding;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Fragments;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** REJECT, as a Linux 6.18 kernel answered the same packets. */
final class RejectTargetTest {
  private final TargetLab lab = TargetLab.with("filter", "-A FORWARD -j REJECT");

  private static TargetLab resetting() {
    return TargetLab.with("filter", "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset");
  }

  @Test
  void theSenderGetsAnErrorThatQuotesThePacket() {
    lab.receive(TargetLab.udp("10.2.0.5", 53));

    Packet error = lab.onlyEmitted();
    assertThat(lab.emittedAt).containsExactly(TargetLab.ETH0);
    assertThat(error.source()).isEqualTo(IpAddress.parse("10.1.0.1"));
    assertThat(error.destination()).isEqualTo(IpAddress.parse("10.1.0.5"));
    assertThat(error.icmpType()).isEqualTo(3);
    assertThat(error.icmpCode()).isEqualTo(3);
    assertThat(error.tos()).isEqualTo(0xc0);
    assertThat(error.inner().ttl()).isEqualTo(63);
    assertThat(lab.conntrack.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "icmp-net-unreachable, 0", "icmp-host-unreachable, 1", "icmp-proto-unreachable, 2",
    "icmp-net-prohibited, 9", "icmp-host-prohibited, 10", "icmp-admin-prohibited, 13"
  })
  void eachTypeHasItsCode(String type, int code) {
    TargetLab other = TargetLab.with("filter", "-A FORWARD -j REJECT --reject-with " + type);
    other.receive(TargetLab.udp("10.2.0.5", 53));
    assertThat(other.onlyEmitted().icmpCode()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "icmp6-no-route, 0", "icmp6-adm-prohibited, 1", "icmp6-addr-unreachable, 3",
    "icmp6-port-unreachable, 4", "icmp6-policy-fail, 5", "icmp6-reject-route, 6"
  })
  void eachTypeOfIpv6HasItsCode(String type, int code) {
    TargetLab other = new TargetLab();
    other.load(IpFamily.IPV6, "filter", "-A FORWARD -j REJECT --reject-with " + type);
    other.receive(TargetLab.packet(IpProtocol.UDP, "fd00:1::5", "fd00:2::5").ports(1, 2));
    assertThat(other.onlyEmitted().icmpType()).isEqualTo(1);
    assertThat(other.onlyEmitted().icmpCode()).isEqualTo(code);
  }

  @Test
  void aPacketWithAWrongChecksumGetsNoAnswer() {
    lab.receive(TargetLab.udp("10.2.0.5", 53).checksumValid(false));
    lab.receive(TargetLab.syn().checksumValid(false));
    assertThat(lab.emitted).isEmpty();
  }

  @Test
  void aLaterFragmentGetsNoAnswer() {
    TargetLab raw = TargetLab.with("filter", "-A FORWARD -j REJECT");
    raw.load(IpFamily.IPV4, "raw", "-A PREROUTING -j NOTRACK");
    raw.receive(TargetLab.udp("10.2.0.5", 53).fragmentOffset(8));
    assertThat(raw.emitted).isEmpty();
  }

  @Test
  void aFirstFragmentWhoseSumIsOverMoreGetsNoAnswer() {
    TargetLab input = new TargetLab();
    input.load(IpFamily.IPV6, "filter", "-A INPUT -p udp -j REJECT");
    Packet whole = TargetLab.packet(IpProtocol.UDP, "fd00:1::1", "fd00:2::1").payloadLength(40);
    Fragments.of(whole.ports(1, 2), 48 + 24).forEach(input.host::send);
    assertThat(input.emitted).isEmpty();
    assertThat(input.delivered).isEmpty();
  }

  @Test
  void rawRulesPassOverTheAnswerToAnUntrackedPacket() {
    TargetLab untracked = TargetLab.with("filter", "-A INPUT -j REJECT");
    untracked.load(
        IpFamily.IPV4,
        "*raw\n-A PREROUTING -j NOTRACK\n-A OUTPUT -j NOTRACK\nCOMMIT\n"
            + "*mangle\n-A OUTPUT -m conntrack --ctstate INVALID -j MARK --set-mark 1\n"
            + "-A OUTPUT -m conntrack --ctstate UNTRACKED -j MARK --set-mark 2\nCOMMIT\n");
    untracked.receive(TargetLab.udp("10.1.0.1", 53));
    assertThat(untracked.onlyEmitted().mark()).isEqualTo(1);
  }

  @Test
  void ofAnUnknownProtocolThePayloadIsTakenForSummed() {
    ImmutableMap<String, Boolean> answered =
        ImmutableMap.of("8102030405060708", false, "00000000ffff0000", true);
    answered.forEach(
        (payload, answer) -> {
          TargetLab fresh = TargetLab.with("filter", "-A FORWARD -j REJECT");
          fresh.receive(withPayload(89, payload));
          assertThat(fresh.emitted).as(payload).hasSize(answer ? 1 : 0);
        });
  }

  @ParameterizedTest
  @CsvSource({"47, 8000080045000001", "50, 0102030405060708", "51, 0102030405060708"})
  void protocolsWithoutSuchAChecksumGetAnAnswer(int protocol, String payload) {
    lab.receive(withPayload(protocol, payload));
    assertThat(lab.onlyEmitted().icmpType()).isEqualTo(3);
  }

  private static Packet withPayload(int protocol, String hex) {
    return TargetLab.packet(protocol, "10.1.0.5", "10.2.0.5")
        .payload(BaseEncoding.base16().lowerCase().decode(hex));
  }

  @Test
  void aSynGetsAResetThatAcknowledgesIt() {
    TargetLab reset = resetting();
    reset.receive(TargetLab.syn());

    Packet answer = reset.onlyEmitted();
    assertThat(answer.source()).isEqualTo(IpAddress.parse("10.2.0.5"));
    assertThat(answer.sourcePort()).isEqualTo(80);
    assertThat(answer.destinationPort()).isEqualTo(10);
    assertThat(answer.tcpFlags()).isEqualTo(TcpFlags.RST | TcpFlags.ACK);
    assertThat(answer.tcpSequence()).isZero();
    assertThat(answer.tcpAcknowledgment()).isEqualTo(101);
    assertThat(answer.dontFragment()).isTrue();
  }

  @Test
  void aSegmentWithAckGetsAResetAtThatNumber() {
    TargetLab reset = resetting();
    reset.receive(TargetLab.syn().tcpFlags(TcpFlags.ACK).tcpAcknowledgment(500));
    assertThat(reset.onlyEmitted().tcpFlags()).isEqualTo(TcpFlags.RST);
    assertThat(reset.onlyEmitted().tcpSequence()).isEqualTo(500);
  }

  @Test
  void aFinIsCountedWithItsData() {
    TargetLab reset = resetting();
    reset.receive(TargetLab.syn().tcpFlags(TcpFlags.FIN).payloadLength(3));
    assertThat(reset.onlyEmitted().tcpAcknowledgment()).isEqualTo(104);
  }

  @Test
  void neitherAResetNorAWrongChecksumIsAnsweredWithAReset() {
    TargetLab reset = resetting();
    reset.receive(TargetLab.syn().tcpFlags(TcpFlags.RST));
    reset.receive(TargetLab.syn().checksumValid(false));
    assertThat(reset.emitted).isEmpty();
  }

  @Test
  void aResetClosesTheConnection() {
    TargetLab reset = new TargetLab();
    reset.receive(TargetLab.syn());
    assertThat(reset.conntrack.connections().get(0).stateName()).isEqualTo("SYN_SENT");
    reset.load(IpFamily.IPV4, "filter", "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset");
    reset.receive(TargetLab.syn());
    assertThat(reset.conntrack.connections().get(0).stateName()).isEqualTo("CLOSE");
  }

  @Test
  void aPacketToABroadcastAddressGetsNoReset() {
    TargetLab reset = new TargetLab();
    reset.load(IpFamily.IPV4, "filter", "-A INPUT -p tcp -j REJECT --reject-with tcp-reset");
    reset.receive(TargetLab.syn().destination(IpAddress.parse("10.1.255.255")));
    assertThat(reset.emitted).isEmpty();
  }

  /** nf_reject6: neither end may be a group or nobody. */
  @ParameterizedTest
  @CsvSource({
    "fd00:1::5, fd00:2::5, 1",
    "fd00:1::5, fd00:1::1, 1",
    "fd00:1::5, ff02::1, 0",
    "::, fd00:1::1, 0"
  })
  void ofIpv6OnlyAPacketBetweenTwoHostsGetsAReset(String source, String destination, int answers) {
    TargetLab reset = new TargetLab();
    reset.load(
        IpFamily.IPV6,
        "filter",
        "-A INPUT -p tcp -j REJECT --reject-with tcp-reset",
        "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset");
    reset.receive(
        TargetLab.packet(IpProtocol.TCP, source, destination).ports(10, 80).tcpFlags(TcpFlags.SYN));
    assertThat(reset.emitted).hasSize(answers);
  }

  /** The sum is of the Internet: carries come back, an odd last byte is the upper one. */
  @ParameterizedTest
  @CsvSource({
    "ffff, true",
    "fffe0001, true",
    "ffff0001, false",
    "ffffffff, true",
    "80007fff, true",
    "80008000fffe, true",
    "00ffff, true",
    "00fffe, false",
    "fffffe, false"
  })
  void theSumOfAnUnknownProtocolIsAnInternetChecksum(String payload, boolean answered) {
    lab.receive(withPayload(89, payload));
    assertThat(lab.emitted).hasSize(answered ? 1 : 0);
  }

  @Test
  void aLocalSenderGetsItsAnswerOverLoopback() {
    TargetLab output = TargetLab.with("filter", "-A OUTPUT -d 10.2.0.5/32 -j REJECT");
    output.host.send(TargetLab.packet(IpProtocol.UDP, "10.2.0.1", "10.2.0.5").ports(1, 2));
    assertThat(output.emitted).isEmpty();
    assertThat(output.delivered).hasSize(1);
    assertThat(output.delivered.get(0).icmpType()).isEqualTo(3);
  }

  @Test
  void theTraceNamesWhoSentTheAnswer() {
    lab.host.trace().keep(true);
    lab.receive(TargetLab.udp("10.2.0.5", 53));
    List<TraceEvent> events = lab.host.trace().take();
    assertThat(events)
        .anyMatch(event -> event instanceof TraceEvent.Sent sent && sent.by().equals("REJECT"));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 5"})
  void theMarkIsReflectedOnlyWhereTheSettingSaysSo(String setting, int mark) {
    TargetLab marked =
        new TargetLab(new Sysctls(ImmutableMap.of("net.ipv4.fwmark_reflect", setting)));
    marked.load(
        IpFamily.IPV4,
        "*mangle\n-A PREROUTING -j MARK --set-mark 5\nCOMMIT\n"
            + "*filter\n-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\nCOMMIT\n");
    marked.receive(TargetLab.syn());
    assertThat(marked.onlyEmitted().mark()).isEqualTo(mark);
  }
}
