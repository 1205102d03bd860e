package dev.packetpath.examples.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples print what is checked in beside this test. */
final class TroubleTest {
  private static final ImmutableMap<String, Consumer<PrintStream>> EXAMPLES =
      ImmutableMap.of(
          "TableFull", TableFull::run,
          "SourcePortsExhausted", SourcePortsExhausted::run,
          "DnsRace", DnsRace::run,
          "AsymmetricRoute", AsymmetricRoute::run,
          "IdleKeepalive", IdleKeepalive::run);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TableFull",
        "SourcePortsExhausted",
        "DnsRace",
        "AsymmetricRoute",
        "IdleKeepalive"
      })
  void exampleTellsWhatTheKernelDoes(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    EXAMPLES.get(name).accept(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(expected(name));
  }

  private static String expected(String name) throws IOException {
    try (InputStream text = TroubleTest.class.getResourceAsStream("/conntrack/" + name + ".txt")) {
      assertThat(text).as(name).isNotNull();
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
