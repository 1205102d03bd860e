package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What neither the recorded forms nor the recorded packets show. */
class StatelessMatchTest {
  private static final Packet DCCP =
      new Packet()
          .addresses(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"))
          .protocol(IpProtocol.DCCP)
          .ports(5, 6);

  @Test
  void theTypeOfDccpPacketIsAskedForOnlyIfThePortsMatch() {
    List<String> questions = new ArrayList<>();
    MatchLab lab =
        new MatchLab(
            IpFamily.IPV4,
            new VirtualClock(),
            new AskedDecisions(new SeededDecisions(1), questions));
    assertThat(lab.holds(lab.load("-p dccp -m dccp --dport 7 --dccp-types ACK"), DCCP)).isFalse();
    assertThat(lab.holds(lab.load("-p dccp -m dccp --dport 6"), DCCP)).isTrue();
    assertThat(questions).isEmpty();
    assertThat(lab.holds(lab.load("-p dccp -m dccp --dport 6 --dccp-types ACK"), DCCP)).isTrue();
    assertThat(questions).containsExactly("a DCCP packet has --dccp-types ACK");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "-p icmp --icmp-type echo | 32 | ambiguous \"echo\" | either echo-reply or echo-request",
        "-p tcp -m multiport --dports 9:8 | 41 | \"9:8\" | a range whose first port is below",
        "-p tcp -m multiport --dports 1:2,3:4,5:6,7:8,9:10,11:12,13:14,15:16 | 41 | 16 places"
            + " | at most 15",
        "-m addrtype --dst-type HERE | 35 | address type \"HERE\" | a list of UNSPEC, UNICAST",
        "-m ttl --ttl-eq 5 --ttl-gt 6 | 39 | --ttl-gt beside --ttl-eq | one of the two",
        "-m length | 15 | length without --length | --length",
        "-m tos --tos cheap | 25 | \"cheap\" | minimize-delay",
        "-m mac --mac-source 0:1 | 32 | \"0:1\" | six hexadecimal bytes",
        "-m u32 --u32 0=1&2 | 25 | \"&2\" at character 3 | \"&&\" or the end",
        "-m rpfilter | 15 | -m rpfilter in table filter | raw or mangle",
        "-p sctp --chunk-types any INIT:T | 34 | flag \"T\" of INIT | no flag",
        "-m owner --uid-owner 5 | 15 | -m owner reached from | OUTPUT and POSTROUTING"
      })
  void errorsNameThePlaceWhatWasFoundAndWhatWasExpected(
      String rule, int column, String found, String expected) {
    assertThatThrownBy(() -> MatchLab.read(IpFamily.IPV4, rule))
        .hasMessageStartingWith("rules:2:" + column + ": ")
        .hasMessageContaining(found)
        .hasMessageContaining(expected);
  }

  @Test
  void latin1LettersHaveTwoCases() {
    SearchPattern pattern = new SearchPattern("\u00e9\u00d7");
    assertThat(pattern.find(new byte[] {1, (byte) 0xc9, (byte) 0xd7}, 0, true)).isEqualTo(1);
    assertThat(pattern.find(new byte[] {1, (byte) 0xc9, (byte) 0xf7}, 0, true)).isEqualTo(-1);
    assertThat(pattern.find(new byte[] {1, (byte) 0xc9, (byte) 0xd7}, 0, false)).isEqualTo(-1);
  }
}
