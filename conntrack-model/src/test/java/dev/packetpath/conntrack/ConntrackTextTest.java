package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.SyntaxException;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines that conntrack 1.4.7 printed on Linux 6.18. */
class ConntrackTextTest {
  private static final String LISTED =
      """
      ipv4     2 tcp      6 99 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=1001 dport=80 packets=0 bytes=0 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1001 packets=0 bytes=0 mark=5 zone=7 use=1
      ipv4     2 udplite  136 99 src=10.0.0.1 dst=10.0.0.2 sport=1000 dport=80 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1000 mark=0 use=1
      ipv4     2 unknown  50 99 src=10.0.0.1 dst=10.0.0.2 packets=0 bytes=0 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 packets=0 bytes=0 mark=0 use=1
      ipv6     10 icmpv6   58 29 src=fd00::1 dst=fd00::2 type=128 code=0 id=77 packets=0 bytes=0 [UNREPLIED] src=fd00::2 dst=fd00::1 type=129 code=0 id=77 packets=0 bytes=0 mark=0 use=1
      ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1000 dport=80 packets=3 bytes=180 src=10.0.0.9 dst=10.0.0.1 sport=8080 dport=1000 packets=2 bytes=120 [ASSURED] mark=4294967295 use=1
      ipv4     2 tcp      6 299 ESTABLISHED src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=21 packets=4 bytes=189 src=10.2.0.5 dst=10.0.1.5 sport=21 dport=1000 packets=2 bytes=88 [ASSURED] mark=0 helper=ftp use=1
      ipv6     10 udp      17 99 src=fd00::1 dst=fd00::2 sport=1001 dport=80 packets=0 bytes=0 [UNREPLIED] src=fd00::2 dst=fd00::1 sport=80 dport=1001 zone-reply=4 packets=0 bytes=0 mark=0 use=1
      ipv4     2 gre      47 99 src=10.0.0.1 dst=10.0.0.2 srckey=0x0 dstkey=0x1f packets=0 bytes=0 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 srckey=0x1f dstkey=0x0 packets=0 bytes=0 mark=0 use=1
      ipv4     2 sctp     132 99 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1000 dport=80 packets=0 bytes=0 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1000 packets=0 bytes=0 mark=0 use=1
      ipv4     2 icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=77 packets=0 bytes=0 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=77 packets=0 bytes=0 mark=0 use=1
      ipv4     2 udp      17 99 src=10.0.0.1 dst=10.0.0.2 sport=1001 dport=80 zone-orig=3 packets=0 bytes=0 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1001 packets=0 bytes=0 mark=0 use=1
      """;

  @Test
  void whatTheToolListsReadsAndPrintsTheSame() throws IOException {
    assertThat(ConntrackText.print(ConntrackText.read("t", new StringReader(LISTED))))
        .isEqualTo(LISTED);
  }

  @Test
  void loadedEntriesAreListedAgain() throws IOException {
    Router router = new Router();
    router.conntrack.load(ConntrackText.read("t", new StringReader(LISTED)));
    assertThat(ConntrackText.print(router.conntrack.entries())).isEqualTo(LISTED);
  }

  @Test
  void loadedEntryKnowsItsTranslation() throws IOException {
    Router router = new Router();
    router.conntrack.load(ConntrackText.read("t", new StringReader(LISTED)));
    assertThat(router.conntrack.count(c -> c.hasAny(ConnectionStatus.DST_NAT))).isEqualTo(1);
    assertThat(router.conntrack.count(c -> c.hasAny(ConnectionStatus.SRC_NAT))).isZero();
  }

  @Test
  void procFormAndPlainFormAreRead() throws IOException {
    String proc =
        "ipv4     2 gre      47 99 timeout=0, stream_timeout=0 src=10.0.0.1 dst=10.0.0.2"
            + " srckey=0x0 dstkey=0x0 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 srckey=0x0 dstkey=0x0"
            + " mark=0 zone=0 use=2\n";
    String plain =
        "udp      17 30 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1"
            + " sport=2 dport=1 mark=0 secctx=null use=1 id=99\n"
            + "conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.\n";
    assertThat(ConntrackText.read("t", new StringReader(proc + plain))).hasSize(2);
  }

  /** A flow that left the stack for a flow table of nftables; its status is a flag in brackets. */
  @Test
  void offloadedFlowsAreAssured() throws IOException {
    String line =
        "ipv4     2 udp      17 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1"
            + " sport=2 dport=1 [%s] mark=0 use=2\n";
    ConntrackEntry software =
        ConntrackText.read("t", new StringReader(line.formatted("OFFLOAD"))).get(0);
    assertThat(software.status() & ConnectionStatus.OFFLOAD).isNotZero();
    assertThat(software.status() & ConnectionStatus.ASSURED).isNotZero();
    ConntrackEntry hardware =
        ConntrackText.read("t", new StringReader(line.formatted("HW_OFFLOAD"))).get(0);
    assertThat(hardware.status() & ConnectionStatus.HW_OFFLOAD).isNotZero();
    assertThat(ConntrackText.print(List.of(software))).contains("[OFFLOAD] ");
    assertThat(ConntrackText.print(List.of(hardware))).contains("[HW_OFFLOAD] ");
  }

  /** The values at the ends of their ranges. */
  @Test
  void largestValuesAreRead() throws IOException {
    ConntrackEntry entry =
        ConntrackText.read(
                "t",
                new StringReader(
                    "icmp 1 9 src=1.2.3.4 dst=1.2.3.5 type=8 code=255 id=65535 packets=3 bytes=84"
                        + " src=1.2.3.5 dst=1.2.3.4 type=0 code=255 id=65535 packets=2 bytes=56"
                        + " mark=0xffffffff zone=65535 use=1 id=7"))
            .get(0);
    assertThat(entry.original().icmpId()).isEqualTo(65535);
    assertThat(entry.original().icmpType()).isEqualTo(8);
    assertThat(entry.original().icmpCode()).isEqualTo(255);
    assertThat(entry.reply().icmpType()).isZero();
    assertThat(entry.mark()).isEqualTo(-1);
    assertThat(entry.zone()).isEqualTo(new Zone(65535, true, true));
    assertThat(entry.originalPackets()).isEqualTo(3);
    assertThat(entry.originalBytes()).isEqualTo(84);
    assertThat(entry.replyPackets()).isEqualTo(2);
    assertThat(entry.replyBytes()).isEqualTo(56);
    assertThat(entry.counted()).isTrue();
    assertThat(entry.remainingSeconds()).isEqualTo(9);
  }

  @Test
  void stateThatConntrackShowsIsReadForItsProtocolAlone() throws IOException {
    String tuple =
        " src=1.2.3.4 dst=1.2.3.5 sport=1 dport=2 src=1.2.3.5 dst=1.2.3.4 sport=2 dport=1";
    for (String line : List.of("tcp 6 9 SYN_SENT2", "tcp 6 9 NONE", "sctp 132 9 SHUTDOWN_SENT")) {
      ConntrackEntry entry =
          ConntrackText.read("t", new StringReader(line + tuple + " [UNREPLIED]")).get(0);
      assertThat(line).endsWith(" " + entry.state());
      assertThat(entry.status() & ConnectionStatus.SEEN_REPLY).isZero();
    }
  }

  @Test
  void twoEntriesOfOneTupleAreRefused() throws IOException {
    Router router = new Router();
    List<ConntrackEntry> entries = ConntrackText.read("t", new StringReader(LISTED));
    ConntrackEntry tcp = entries.get(0);
    assertThatThrownBy(() -> router.conntrack.load(List.of(tcp, tcp)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two entries have the tuple");
  }

  @Test
  void aSecondEntryOfATupleIsNamedWithItsPlace() {
    String first = "udp 17 9 src=1.2.3.4 dst=1.2.3.5 sport=1 dport=2";
    String answer = " src=1.2.3.5 dst=1.2.3.4 sport=2 dport=1";
    assertRefused(
        first + answer + "\n\n" + first + " src=1.2.3.6 dst=1.2.3.4 sport=2 dport=1",
        "f:3:10: found a second entry of 1.2.3.4:1 > 1.2.3.5:2, expected one, which line 1 has");
    assertRefused(
        first + answer + "\nudp 17 9 src=1.2.3.4 dst=1.2.3.7 sport=1 dport=2 " + answer,
        "f:2:51: found a second entry of 1.2.3.5:2 > 1.2.3.4:1, expected one, which line 1 has");
    assertRefused(
        first + answer + "\nudp 17 9" + answer + first.substring(8),
        "f:2:10: found a second entry of 1.2.3.5:2 > 1.2.3.4:1, expected one, which line 1 has");
  }

  @Test
  void entriesOfOneTupleInSeveralZonesAreRead() throws IOException {
    String entry =
        "udp 17 9 src=1.2.3.4 dst=1.2.3.5 sport=1 dport=2"
            + " src=1.2.3.5 dst=1.2.3.4 sport=2 dport=1";
    String text = entry + "\n" + entry + " mark=0 zone=1\n" + entry + " mark=0 zone=2\n";
    List<ConntrackEntry> entries = ConntrackText.read("t", new StringReader(text));
    assertThat(entries).hasSize(3);
    new Router().conntrack.load(entries);
    assertRefused(
        text + entry + " mark=0 zone=1",
        "f:4:10: found a second entry of 1.2.3.4:1 > 1.2.3.5:2, expected one, which line 2 has");
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> ConntrackText.read("f", new StringReader(text)))
        .isInstanceOf(SyntaxException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp 6 x src=1.2.3.4|f:1:7: found \"x\", expected a state of protocol 6",
        "tcp 6 9 BAD src=1.2.3.4|f:1:9: found \"BAD\", expected a state of protocol 6",
        "tcp six|f:1:5: found \"six\", expected a number",
        "tcp 6 9 CLOSE src=1.2.3|f:1:19: found \"1.2.3\", expected an IP address",
        "udp 17 9 src=1.2.3.4 sport=70000|f:1:28: found \"70000\", expected a number 0..65535",
        "udp 17 9 src=1.2.3.4 foo=1|f:1:22: found \"foo=\", expected a name that conntrack prints",
        "udp 17|f:1:7: found the end of the line, expected src=",
        "t? 6|f:1:1: found \"t?\", expected a protocol name",
        "tcp 6 9 IGNORED src=1.2.3.4|f:1:9: found \"IGNORED\", expected a state of protocol 6",
        "sctp 132 9 INVALID src=1.2.3.4|f:1:12: found \"INVALID\", expected a state of protocol 132",
        "udp 17 9 src=1.2.3.4 dst=1.2.3.5|f:1:33: found the end of the line, expected the reply"
            + " direction's src= and dst=",
        "udp|f:1:4: found the end of the line, expected a protocol number",
        "ipv4|f:1:5: found the end of the line, expected a family number",
        "ipv4 2|f:1:7: found the end of the line, expected a protocol",
        "udp 256 9|f:1:5: found \"256\", expected a number 0..255",
        "udp -1 9|f:1:5: found \"-1\", expected a number 0..255",
        "udp 17 9 src=1.2.3.4 mark=4294967296|f:1:27: found \"4294967296\", expected a number"
            + " 0..4294967295",
        "udp 17 9 src=1.2.3.4 zone=65536|f:1:27: found \"65536\", expected a number 0..65535",
        "udp 17 9 src=1.2.3.4 stray|f:1:22: found \"stray\", expected a word of the form name=value"
            + " or a flag in brackets",
        "tcp 6 9 SYN_SENT3 src=1.2.3.4|f:1:9: found \"SYN_SENT3\", expected a state of protocol 6",
        "udp 17 9 src=1.2.3.4 dst=::5 src=::5 dst=::4|f:1:45: found \"1.2.3.4 and ::5\", expected"
            + " addresses of one family",
        "udp 17 9 src=1.2.3.4 dst=1.2.3.5 src=::5 dst=::4|f:1:49: found \"1.2.3.4 and ::5\","
            + " expected addresses of one family",
        "udp 17 9 src=1.2.3.4 dst=1.2.3.5 src=1.2.3.5|f:1:45: found the end of the line, expected"
            + " the reply direction's src= and dst="
      })
  void badLineNamesPlaceAndExpectation(String line, String message) {
    assertThatThrownBy(() -> ConntrackText.read("f", new StringReader(line)))
        .isInstanceOf(SyntaxException.class)
        .hasMessage(message);
  }
}
