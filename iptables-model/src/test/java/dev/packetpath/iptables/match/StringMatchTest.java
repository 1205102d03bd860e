package dev.packetpath.iptables.match;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.Pieces;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a pattern is found; the answers about seams are those of Linux 6.18. */
final class StringMatchTest {
  private final MatchLab lab = new MatchLab();

  /** The packet's text begins 28 bytes behind the start of its IP header. */
  private static Packet packet(String text) {
    return new Packet()
        .addresses(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"))
        .protocol(IpProtocol.UDP)
        .payload(text.getBytes(US_ASCII));
  }

  private boolean finds(String options, Packet packet) {
    return lab.holds(lab.load("-m string " + options), packet);
  }

  @ParameterizedTest
  @CsvSource({
    "--algo kmp --string quick, true",
    "--algo bm --string quick, true",
    "--algo bm --string QUICK, false",
    "--algo bm --string QUICK --icase, true",
    "--algo bm ! --string quick, false",
    "--algo bm --string quack, false",
    "--algo bm --hex-string qu|69|ck, true",
    "--algo bm --string quick --from 32, true",
    "--algo bm --string quick --from 33, false",
    "--algo bm --string quick --to 37, true",
    "--algo bm --string quick --to 36, false",
    "--algo kmp --string quick --to 36, false",
    "--algo bm --hex-string |0a0000010a000002|, true"
  })
  void aPatternIsFoundInsideTheBoundsHeadersIncluded(String options, boolean found) {
    assertThat(finds(options, packet("the quick brown fox"))).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource({
    // the pattern lies at 32 to 37
    "bm, 32, true",
    "bm, 33, false",
    "bm, 36, false",
    "bm, 37, true",
    "kmp, 33, true",
    "kmp, 36, true"
  })
  void boyerMooreDoesNotSeeWhatLiesOverASeam(String algorithm, int seam, boolean found) {
    Packet packet = packet("the quick brown fox").pieces(Pieces.of(60, seam - 20));
    assertThat(finds("--algo " + algorithm + " --string quick", packet)).isEqualTo(found);
    assertThat(finds("--algo " + algorithm + " ! --string quick", packet)).isEqualTo(!found);
  }

  @ParameterizedTest
  @CsvSource({"32, 48, true", "33, 48, false", "0, 37, true", "0, 36, false", "44, 48, false"})
  void boundsCountFromThePacketsStartInEachPiece(int from, int to, boolean found) {
    Packet packet = packet("the quick brown fox").pieces(Pieces.of(60, 10, 12, 24));
    assertThat(finds("--algo bm --string quick --from " + from + " --to " + to, packet))
        .isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource({"44, true", "45, false"})
  void theLastPieceIsSearchedToItsEnd(int from, boolean found) {
    Packet packet = packet("the quick brown fox").pieces(Pieces.of(60, 8, 16));
    assertThat(finds("--algo bm --string fox --from " + from, packet)).isEqualTo(found);
  }
}
