package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.MatchResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Matches of transport headers on packets that do not carry one: later fragments match nothing, and
 * what ends before its header is dropped (hotdrop of net/netfilter/xt_tcpudp.c and its like).
 */
final class CutHeadersTest {
  private static Packet packet(int protocol) {
    return new Packet()
        .addresses(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"))
        .protocol(protocol)
        .ports(1_000, 80);
  }

  @ParameterizedTest
  @CsvSource({
    "-p tcp -m tcp --dport 80, 6",
    "-p udp -m udp --dport 80, 17",
    "-p sctp -m sctp --dport 80, 132",
    "-p dccp -m dccp --dport 80, 33",
    "-p tcp -m multiport --dports 80, 6"
  })
  void portsAreThoseOfWholeHeaders(String rule, int protocol) {
    MatchLab lab = new MatchLab();
    var match = lab.load(rule);
    assertThat(match.test(packet(protocol), MatchLab.FORWARD)).isEqualTo(MatchResult.YES);
    assertThat(match.test(packet(protocol).destinationPort(81), MatchLab.FORWARD))
        .isEqualTo(MatchResult.NO);
    assertThat(match.test(packet(protocol).fragmentOffset(64), MatchLab.FORWARD))
        .isEqualTo(MatchResult.NO);
    assertThat(match.test(packet(protocol).transportTruncated(true), MatchLab.FORWARD))
        .isEqualTo(MatchResult.DROP);
  }

  /** A second fragment that overwrites the flags of the first is an attack (RFC 1858). */
  @ParameterizedTest
  @CsvSource({"1,DROP", "2,NO"})
  void aFragmentThatOverwritesTheFlagsIsDropped(int units, MatchResult result) {
    var match = new MatchLab().load("-p tcp -m tcp --syn");
    assertThat(match.test(packet(IpProtocol.TCP).fragmentOffset(units), MatchLab.FORWARD))
        .isEqualTo(result);
  }

  /** Kinds 0 and 1 are one byte, the others say how long they are (tcp_find_option). */
  @ParameterizedTest
  @CsvSource({
    "2, 020405b4, YES",
    "2, 0101020405b40000, YES",
    "4, 020405b404020000, YES",
    "4, 020405b4, NO",
    "5, 0204050401010101, NO",
    "3, 01010101, NO",
    "8, 01010108, YES",
    "9, 02000900, YES"
  })
  void anOptionIsFoundByWalkingTheOptions(int kind, String options, MatchResult result) {
    MatchLab lab = new MatchLab();
    Packet packet =
        packet(IpProtocol.TCP).tcpOptions(BaseEncoding.base16().lowerCase().decode(options));
    assertThat(lab.load("-p tcp -m tcp --tcp-option " + kind).test(packet, MatchLab.FORWARD))
        .isEqualTo(result);
    assertThat(lab.load("-p tcp -m tcp ! --tcp-option " + kind).test(packet, MatchLab.FORWARD))
        .isEqualTo(result == MatchResult.YES ? MatchResult.NO : MatchResult.YES);
  }

  @Test
  void espAndIcmpv6LookForTheirHeaders() {
    var spi = new MatchLab().load("-p esp -m esp --espspi 0");
    Packet esp = packet(IpProtocol.ESP).payload(new byte[8]);
    assertThat(spi.test(esp.copy(), MatchLab.FORWARD)).isEqualTo(MatchResult.YES);
    assertThat(spi.test(esp.copy().fragmentOffset(64), MatchLab.FORWARD)).isEqualTo(MatchResult.NO);
    MatchLab six = new MatchLab(IpFamily.IPV6, new VirtualClock(), new SeededDecisions(1));
    var echo = six.load("-p ipv6-icmp -m icmp6 --icmpv6-type 128");
    Packet ping =
        new Packet()
            .addresses(IpAddress.parse("fd00::1"), IpAddress.parse("fd00::2"))
            .protocol(IpProtocol.ICMPV6)
            .icmpType(128);
    assertThat(echo.test(ping, MatchLab.FORWARD)).isEqualTo(MatchResult.YES);
  }
}
