package dev.packetpath.iptables.syntax;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Bytes of UTF-8, as the JDK encodes them. */
final class Utf8TextProperties {
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a", "\u007f", "\u0080", "\u07ff", "\u0800", "\uffff", "\ud83d\ude00")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 200)
  void aTextHasTheBytesOfItsEncoding(@ForAll("texts") String text) {
    assertThat(Utf8Text.length(text)).isEqualTo(text.getBytes(UTF_8).length);
  }

  /** No character is cut in two, and none more would fit. */
  @Property(tries = 200)
  void aTruncatedTextIsTheLongestStartThatFits(
      @ForAll("texts") String text, @ForAll @IntRange(max = 24) int bytes) {
    String start = Utf8Text.truncated(text, bytes);
    assertThat(text).startsWith(start);
    assertThat(start.getBytes(UTF_8).length).isLessThanOrEqualTo(bytes);
    if (start.length() < text.length()) {
      int next = text.offsetByCodePoints(start.length(), 1);
      assertThat(text.substring(0, next).getBytes(UTF_8).length).isGreaterThan(bytes);
    }
  }
}
