package dev.packetpath.node.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class RecordedPacketTest {
  private static final String RESET =
      "600a28b400140640fd00009600000097000000000000000120010db8000100000000000000000009"
          + "00509c4200000000000003e950140000";

  private static final String ERROR = "45c00044616f00004001d2150a60000acb00710a0303";

  private static final String QUOTE =
      "0000000045000028000140004006f45acb00710a0a60000a9c400050000003e90000138a5010ffff";

  @Test
  void aChecksumLeftToTheCardIsShownAsTheRightOne() {
    String shown = shown(RESET + "2c0c0000");
    assertThat(shown).endsWith("50140000e3630000").startsWith("60000000");
    assertThat(shown(RESET + "e3630000")).isEqualTo(shown);
  }

  @Test
  void aWrongChecksumStaysWrong() {
    assertThat(shown(RESET + "e3640000")).isNotEqualTo(shown(RESET + "e3630000"));
  }

  @Test
  void aQuotedChecksumIsHiddenAndTheErrorsOwnIsHeldToTheRest() {
    String shown = shown(ERROR + sumOf(QUOTE + "b4d10000") + QUOTE + "b4d10000");
    assertThat(shown(ERROR + sumOf(QUOTE + "b55d0000") + QUOTE + "b55d0000")).isEqualTo(shown);
    assertThat(shown(ERROR + sumOf(QUOTE + "b4d10000") + QUOTE + "b55d0000")).isNotEqualTo(shown);
    assertThat(shown).contains("5010ffff0000").startsWith("45c0004400000000");
  }

  @Test
  void theIdentificationOfWhatTheRecorderSentIsShown() {
    String given = "450000140001400040fd0000c0000201c0000202";
    assertThat(shown(given)).isEqualTo(given);
    assertThat(shown(given.replace("00140001", "00140002"))).startsWith("4500001400004000");
  }

  private static String shown(String hex) {
    return RecordedPacket.shown(BaseEncoding.base16().lowerCase().decode(hex));
  }

  /** The checksum of an error of type 3 and code 3. */
  private static String sumOf(String rest) {
    ByteBuffer bytes = ByteBuffer.wrap(BaseEncoding.base16().lowerCase().decode(rest));
    long sum = 0x0303;
    while (bytes.hasRemaining()) {
      sum += bytes.getShort() & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return "%04x".formatted(~(sum + (sum >>> 16)) & 0xffff);
  }
}
