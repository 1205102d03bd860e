package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class DurationNsTest {
  @ParameterizedTest
  @CsvSource({"2ms,2e6", "350us,350e3", "0.5s,5e8", "0ns,0"})
  void aDurationIsANumberWithAUnit(String text, double ns) {
    assertThat(new DurationNs.Converter().convert(text).ns()).isEqualTo(ns);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "ms", "-1ms", "1 ms", "1m", "1e3s", "nan"})
  void allElseIsRefused(String text) {
    assertThatThrownBy(() -> new DurationNs.Converter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("found \"" + text + "\", expected a duration such as 2ms, 350us or 0.5s");
  }
}
