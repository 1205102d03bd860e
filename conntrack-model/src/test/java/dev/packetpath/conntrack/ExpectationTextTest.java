package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectationTextTest {
  /** Printed by conntrack 1.4.7 on Linux 6.18 after PORT 10,0,1,5,4,210, but for the addresses. */
  private static final String LISTED =
      "299 proto=6 src=10.2.0.5 dst=10.0.1.5 sport=0 dport=1234 mask-src=255.255.255.255"
          + " mask-dst=255.255.255.255 sport=0 dport=65535 master-src=10.0.1.5"
          + " master-dst=10.2.0.5 sport=1000 dport=21 class=0 helper=ftp";

  private static final String MASTER =
      "ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=21"
          + " src=10.2.0.5 dst=10.0.1.5 sport=21 dport=1000 [ASSURED] mark=0 helper=ftp use=1\n";

  private final Router router = new Router();

  private static ImmutableList<ExpectationEntry> read(String text) throws IOException {
    return ExpectationText.read("expect.txt", new StringReader(text));
  }

  private void load(String master, String expected) throws IOException {
    router.conntrack.load(ConntrackText.read("conntrack.txt", new StringReader(master)));
    router.conntrack.loadExpectations(read(expected));
  }

  @Test
  void whatIsReadIsPrintedAgain() throws IOException {
    String six =
        LISTED
            .replaceAll("10\\.2\\.0\\.5", "fd00:2::5")
            .replaceAll("10\\.0\\.1\\.5", "fd00:1::5")
            .replaceAll("(\\d+\\.){3}\\d+", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
            .replace(" class", " zone=7 class");
    String text = LISTED + "\n" + six + "\n";
    assertThat(
            ExpectationText.print(
                read(text + "conntrack v1.4.7 (conntrack-tools): 2 expectations\n")))
        .isEqualTo(text);
  }

  @Test
  void loadedExpectationIsMetAndListed() throws IOException {
    load(MASTER, LISTED);
    assertThat(ExpectationText.print(router.conntrack.expectations().entries()))
        .isEqualTo(LISTED + "\n");
    router.at(100.5);
    assertThat(router.conntrack.expectations().entries())
        .extracting(ExpectationEntry::remainingSeconds)
        .containsExactly(198L);
    Connection data =
        PacketConnection.connectionOf(
            router.fromEth1(Router.tcp("10.2.0.5", 20, "10.0.1.5", 1234, "S")));
    assertThat(data.hasAny(ConnectionStatus.EXPECTED)).isTrue();
    assertThat(data.masterHelper()).isEqualTo("ftp");
    assertThat(router.conntrack.expectations().entries()).isEmpty();
  }

  @Test
  void loadedExpectationEndsInItsTime() throws IOException {
    load(MASTER, LISTED);
    router.at(299);
    assertThat(router.conntrack.expectations().entries()).isEmpty();
  }

  @Test
  void expectationOfAnUnknownConnectionIsRefused() throws IOException {
    ImmutableList<ExpectationEntry> entries = read(LISTED);
    assertThatThrownBy(() -> router.conntrack.loadExpectations(entries))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the table has no connection 10.0.1.5:1000 > 10.2.0.5:21, which announced 10.2.0.5:0 >"
                + " 10.0.1.5:1234");
    assertThatThrownBy(() -> load(MASTER.replace(" helper=ftp", ""), LISTED))
        .hasMessageContaining("has the helper \"\", not \"ftp\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          299 |-1 |1: found "-1", expected a number 0..
          proto=6|proto=x|11: found "x", expected a number 0..255
          src=10.2.0.5|src=x|13: found "src=x", expected src= and an IP address
          dst=10.0.1.5|dst=fd00::1|26: found "fd00::1", expected one of the family of 10.2.0.5
          sport=0|sport=7|39: found "sport=7", expected sport=0
          mask-src=255.255.255.255|mask-src=255.255.255.0|58: found "mask-src=255.255.255.0", expected mask-src=255.255.255.255 or
          class=0|PERMANENT class=0|188: found "PERMANENT", expected class=0
          helper=ftp|helper=|196: found "helper=", expected helper=
          helper=ftp|helper=ftp x|207: found "x", expected the end of the line
          """)
  void badLineNamesItsPlace(String from, String to, String message) {
    String line = LISTED.replaceFirst(from, to) + "\n";
    assertThatThrownBy(() -> read("\n" + line))
        .isInstanceOf(SyntaxException.class)
        .hasMessageStartingWith("expect.txt:2:" + message);
  }

  @Test
  void lineThatIsCutOffIsRefused() {
    assertThatThrownBy(() -> read(LISTED.substring(0, LISTED.indexOf(" dport"))))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("the end of the line")
        .hasMessageContaining("dport=");
  }
}
