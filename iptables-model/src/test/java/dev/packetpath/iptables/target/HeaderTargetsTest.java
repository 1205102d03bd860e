package dev.packetpath.iptables.target;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that rewrite headers, as a Linux 6.18 kernel rewrote the same packets. */
final class HeaderTargetsTest {
  private static final BaseEncoding HEX = BaseEncoding.base16().lowerCase();
  private static final String SYN = "-A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS ";

  private static Packet forwarded(String rule, Packet packet) {
    TargetLab lab = TargetLab.with("mangle", rule);
    lab.receive(packet);
    return lab.onlyEmitted();
  }

  private static Packet synWith(String options) {
    return TargetLab.syn().tcpOptions(HEX.decode(options));
  }

  private static String options(Packet packet) {
    return HEX.encode(packet.tcpOptions());
  }

  @ParameterizedTest
  @CsvSource({
    "020405b4, 020403e8",
    "02040200, 02040200",
    "'', 02040218",
    "01010402, 0204021801010402",
    "0101020405b40101, 0101020403e80101"
  })
  void aSegmentSizeIsLoweredOrAddedButNeverRaised(String before, String after) {
    assertThat(options(forwarded(SYN + "--set-mss 1000", synWith(before)))).isEqualTo(after);
  }

  @Test
  void aSynWithDataGetsNoSegmentSize() {
    Packet packet = TargetLab.syn().payloadLength(2);
    assertThat(options(forwarded(SYN + "--set-mss 1000", packet))).isEmpty();
  }

  @Test
  void aFullHeaderGetsNoSegmentSize() {
    String full = "01".repeat(40);
    assertThat(options(forwarded(SYN + "--set-mss 1000", synWith(full)))).isEqualTo(full);
  }

  @Test
  void clampingTakesTheSmallerMtuOfTheTwoRoutes() {
    Packet out = forwarded(SYN + "--clamp-mss-to-pmtu", synWith("020405b4"));
    assertThat(options(out)).isEqualTo("02040550");

    TargetLab back = TargetLab.with("mangle", SYN + "--clamp-mss-to-pmtu");
    Packet answer =
        TargetLab.packet(IpProtocol.TCP, "10.2.0.5", "10.1.0.5")
            .ports(80, 10)
            .tcpFlags(TcpFlags.SYN)
            .tcpOptions(HEX.decode("020405b4"));
    back.host.receive(answer, TargetLab.ETH1);
    assertThat(options(back.onlyEmitted())).isEqualTo("02040550");
  }

  /** A route may allow less than its device, or more; both as Linux 6.18 took them. */
  @Test
  void clampingGoesByTheMtuOfRoutes() {
    TargetLab lab = TargetLab.with("mangle", SYN + "--clamp-mss-to-pmtu");
    lab.receive(synWith("020405b4").destination(IpAddress.parse("10.9.0.5")));
    assertThat(options(lab.onlyEmitted())).isEqualTo("02040294");
    lab.emitted.clear();
    lab.receive(
        synWith("0204ffff")
            .source(IpAddress.parse("10.8.0.5"))
            .destination(IpAddress.parse("10.8.0.6")));
    assertThat(options(lab.onlyEmitted())).isEqualTo("02041f18");
  }

  @Test
  void clampingInIpv6LeavesRoomForTheLongerHeader() {
    TargetLab lab = new TargetLab();
    lab.load(IpFamily.IPV6, "mangle", SYN + "--clamp-mss-to-pmtu");
    lab.receive(
        TargetLab.packet(IpProtocol.TCP, "fd00:1::5", "fd00:2::5")
            .tcpFlags(TcpFlags.SYN)
            .tcpOptions(HEX.decode("020405b4")));
    lab.receive(
        TargetLab.packet(IpProtocol.TCP, "fd00:1::5", "fd00:2::5")
            .ports(7, 7)
            .tcpFlags(TcpFlags.SYN));
    assertThat(options(lab.emitted.get(0))).isEqualTo("0204053c");
    assertThat(options(lab.emitted.get(1))).isEqualTo("020404c4");
  }

  @Test
  void theOriginalArrayOfOptionsIsNotTouched() {
    byte[] before = HEX.decode("020405b4");
    forwarded(SYN + "--set-mss 1000", TargetLab.syn().tcpOptions(before));
    assertThat(HEX.encode(before)).isEqualTo("020405b4");
  }

  @ParameterizedTest
  @CsvSource({
    "020405f00402080a0000000100000000, 020405f0010101010101010101010101",
    "0101040208000000, 0101010101000000",
    "0303070402000000, 0303070101000000"
  })
  void strippedOptionsBecomeNoOperations(String before, String after) {
    String rule = "-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options timestamp,sack-permitted";
    assertThat(options(forwarded(rule, synWith(before)))).isEqualTo(after);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TCPMSS --set-mss 1000",
        "TCPMSS --clamp-mss-to-pmtu",
        "TCPOPTSTRIP --strip-options mss"
      })
  void aSynWithoutItsWholeHeaderIsDropped(String target) {
    TargetLab lab =
        TargetLab.with(
            "mangle",
            "-A FORWARD -p tcp -m mark --mark 1 -m tcp --tcp-flags SYN,RST SYN -j ACCEPT",
            "-A FORWARD -p tcp --tcp-flags SYN,RST SYN -j " + target);
    lab.receive(TargetLab.syn());
    assertThat(lab.emitted).hasSize(1);
    lab.receive(TargetLab.syn().transportTruncated(true));
    assertThat(lab.emitted).hasSize(1);
  }

  /** What a malformed option claims is not touched; what stands before it is. */
  @ParameterizedTest
  @CsvSource({
    "0402050a00000000, 0101050a00000000",
    "08ff000004020000, 08ff000004020000",
    "080a0000000100000002040200000000, 01010101010101010101010100000000"
  })
  void strippingEndsAtAMalformedOption(String before, String after) {
    String rule = "-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options timestamp,sack-permitted";
    assertThat(options(forwarded(rule, synWith(before)))).isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource({
    "--ttl-inc 250, 64, 255",
    "--ttl-inc 2, 10, 11",
    "--ttl-dec 5, 10, 4",
    "--ttl-dec 200, 10, 0",
    "--ttl-set 33, 10, 33"
  })
  void theTimeToLiveStaysWithinItsByte(String change, int before, int after) {
    Packet packet = forwarded("-A FORWARD -j TTL " + change, TargetLab.syn().ttl(before));
    assertThat(packet.ttl()).isEqualTo(after);
  }

  @Test
  void theHopLimitChangesAlike() {
    TargetLab lab = new TargetLab();
    lab.load(IpFamily.IPV6, "mangle", "-A FORWARD -j HL --hl-dec 5");
    lab.receive(TargetLab.packet(IpProtocol.UDP, "fd00:1::5", "fd00:2::5").ttl(20));
    assertThat(lab.onlyEmitted().ttl()).isEqualTo(14);
  }

  @ParameterizedTest
  @CsvSource({
    "TOS --set-tos 0x10/0x3f, 195, 208",
    "TOS --xor-tos 0x0f, 195, 204",
    "DSCP --set-dscp 0x2e, 3, 187",
    "ECN --ecn-ip-ect 1, 195, 193"
  })
  void theServiceByteChangesUnderItsMask(String target, int before, int after) {
    Packet packet = forwarded("-A FORWARD -j " + target, TargetLab.syn().tos(before));
    assertThat(packet.tos()).isEqualTo(after);
  }

  @Test
  void ecnFlagsAreTakenFromTcp() {
    Packet packet = TargetLab.syn().tcpFlags(TcpFlags.SYN | TcpFlags.ECE | TcpFlags.CWR).tos(3);
    Packet out = forwarded("-A FORWARD -p tcp -j ECN --ecn-tcp-remove", packet);
    assertThat(out.tcpFlags()).isEqualTo(TcpFlags.SYN);
    assertThat(out.tos()).isEqualTo(3);
  }

  @Test
  void ecnFlagsAreSetOneByOne() {
    Packet out = forwarded("-A FORWARD -p tcp -j ECN --ecn-tcp-ece 1", TargetLab.syn());
    assertThat(out.tcpFlags()).isEqualTo(TcpFlags.SYN | TcpFlags.ECE);
  }
}
