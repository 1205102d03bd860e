package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which packets share a limit (hashlimit_init_dst, net/netfilter/xt_hashlimit.c, Linux 6.1): the
 * second packet is refused if and only if it has the key of the first.
 */
final class HashlimitKeysTest {
  private static final String LIMIT =
      "-m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 1 --hashlimit-name h";

  private static boolean share(IpFamily family, String mode, Packet first, Packet second) {
    MatchLab lab = new MatchLab(family, new VirtualClock(), new SeededDecisions(1));
    MatchFunction match = lab.load(LIMIT + mode);
    assertThat(lab.holds(match, first)).isTrue();
    return !lab.holds(match, second);
  }

  private static Packet udp(String source, int sourcePort, String destination, int port) {
    return new Packet()
        .addresses(IpAddress.parse(source), IpAddress.parse(destination))
        .protocol(IpProtocol.UDP)
        .ports(sourcePort, port);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 10.0.9.9 | 7 | 10.9.9.9 | 7 | true",
        "srcip | 10.0.0.1 | 7 | 10.9.9.9 | 7 | true",
        "srcip | 10.0.0.2 | 1 | 10.0.0.9 | 53 | false",
        "dstip | 10.0.9.9 | 7 | 10.0.0.9 | 7 | true",
        "dstip | 10.0.0.1 | 1 | 10.0.0.8 | 53 | false",
        "srcport | 10.0.9.9 | 1 | 10.9.9.9 | 7 | true",
        "srcport | 10.0.0.1 | 2 | 10.0.0.9 | 53 | false",
        "dstport | 10.0.9.9 | 7 | 10.9.9.9 | 53 | true",
        "dstport | 10.0.0.1 | 1 | 10.0.0.9 | 54 | false",
        "srcip,dstport | 10.0.0.1 | 7 | 10.9.9.9 | 53 | true",
        "srcip,dstport | 10.0.0.1 | 1 | 10.0.0.9 | 54 | false",
        "srcip,dstport | 10.0.0.2 | 1 | 10.0.0.9 | 53 | false",
        "srcport,dstport | 10.0.9.9 | 1 | 10.9.9.9 | 53 | true",
        "srcport,dstport | 10.0.0.1 | 2 | 10.0.0.9 | 53 | false",
        "srcport,dstport | 10.0.0.1 | 1 | 10.0.0.9 | 54 | false",
        "srcip --hashlimit-srcmask 24 | 10.0.0.77 | 1 | 10.0.0.9 | 53 | true",
        "srcip --hashlimit-srcmask 24 | 10.0.1.1 | 1 | 10.0.0.9 | 53 | false",
        "dstip --hashlimit-dstmask 29 | 10.0.0.1 | 1 | 10.0.0.15 | 53 | true",
        "dstip --hashlimit-dstmask 29 | 10.0.0.1 | 1 | 10.0.0.16 | 53 | false"
      })
  void ofIpv4(
      String mode, String source, int sourcePort, String destination, int port, boolean shared) {
    assertThat(
            share(
                IpFamily.IPV4,
                mode.isEmpty() ? "" : " --hashlimit-mode " + mode,
                udp("10.0.0.1", 1, "10.0.0.9", 53),
                udp(source, sourcePort, destination, port)))
        .isEqualTo(shared);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "srcip | fd00::1 | fd00::8 | true",
        "srcip | fd00::2 | fd00::9 | false",
        "srcip | fd01::1 | fd00::9 | false",
        "dstip | fd00::2 | fd00::9 | true",
        "dstip | fd00::1 | fd01::9 | false",
        "srcip --hashlimit-srcmask 64 | fd00::ffff:1 | fd00::9 | true",
        "srcip --hashlimit-srcmask 64 | fd00:0:0:1::1 | fd00::9 | false",
        "dstip --hashlimit-dstmask 120 | fd00::1 | fd00::ff | true",
        "dstip --hashlimit-dstmask 120 | fd00::1 | fd00::100 | false"
      })
  void ofIpv6(String mode, String source, String destination, boolean shared) {
    assertThat(
            share(
                IpFamily.IPV6,
                " --hashlimit-mode " + mode,
                udp("fd00::1", 1, "fd00::9", 53),
                udp(source, 1, destination, 53)))
        .isEqualTo(shared);
  }

  /** ESP has its SPI where ports would be, AH behind four bytes; others have no ports. */
  @ParameterizedTest
  @CsvSource({
    "50, 0000000100000000, 0000000100000009, true",
    "50, 0000000100000000, 0000000200000000, false",
    "50, 0001000000000000, 0002000000000000, false",
    "51, 0000000000000001, 0900000000000001, true",
    "51, 0000000000000001, 0000000000000002, false",
    "47, 0000000100000000, 0000000200000000, true"
  })
  void protocolsWithoutPortsAreToldApartByTheirSpi(
      int protocol, String first, String second, boolean shared) {
    assertThat(
            share(
                IpFamily.IPV4,
                " --hashlimit-mode srcport,dstport",
                withPayload(protocol, first),
                withPayload(protocol, second)))
        .isEqualTo(shared);
  }

  private static Packet withPayload(int protocol, String hex) {
    return udp("10.0.0.1", 0, "10.0.0.9", 0)
        .protocol(protocol)
        .payload(BaseEncoding.base16().lowerCase().decode(hex));
  }

  /** What stands at the place of the ports counts for a later fragment of IPv4, not of IPv6. */
  @Test
  void laterFragmentsAreToldApartByWhatTheyBeginWith() {
    String mode = " --hashlimit-mode srcport,dstport";
    Packet one = udp("10.0.0.1", 0, "10.0.0.9", 0).fragmentOffset(8).payload(new byte[8]);
    Packet two =
        udp("10.0.0.1", 0, "10.0.0.9", 0).fragmentOffset(8).payload(new byte[] {1, 2, 3, 4});
    assertThat(share(IpFamily.IPV4, mode, one, two)).isFalse();
    Packet first = udp("fd00::1", 0, "fd00::9", 0).fragmentOffset(8).payload(new byte[8]);
    Packet other =
        udp("fd00::1", 0, "fd00::9", 0).fragmentOffset(8).payload(new byte[] {1, 2, 3, 4});
    assertThat(share(IpFamily.IPV6, mode, first, other)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"50, 3", "51, 7", "17, 0"})
  void aPacketThatEndsBeforeItsPortsIsDropped(int protocol, int bytes) {
    MatchLab lab = new MatchLab();
    MatchFunction match = lab.load(LIMIT + " --hashlimit-mode dstport");
    Packet cut =
        udp("10.0.0.1", 0, "10.0.0.9", 0)
            .protocol(protocol)
            .payload(new byte[bytes])
            .transportTruncated(protocol == IpProtocol.UDP);
    assertThat(match.test(cut, MatchLab.FORWARD)).isEqualTo(MatchResult.DROP);
    MatchFunction bySource = lab.load(LIMIT + "2 --hashlimit-mode srcip");
    assertThat(match.test(cut, MatchLab.FORWARD)).isEqualTo(MatchResult.DROP);
    assertThat(bySource.test(cut, MatchLab.FORWARD)).isEqualTo(MatchResult.YES);
  }
}
