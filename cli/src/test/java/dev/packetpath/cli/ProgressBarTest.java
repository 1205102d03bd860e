package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class ProgressBarTest {
  private final StringWriter text = new StringWriter();
  private long now = 5_000_000_000L;

  @Test
  void onATerminalItTellsHowFarAndHowLongAndGoes() {
    try (ProgressBar bar = bar(true, 4)) {
      now += 2_000_000_000L;
      bar.step("ipvs");
      assertThat(text.toString())
          .endsWith("[#######-----------------------] 1/4  ipvs  about 6 s left");
      now += 10_000_000L;
      bar.step("too soon to be shown");
      assertThat(text.toString()).doesNotContain("2/4");
      bar.step("");
      bar.step("last");
      assertThat(text.toString()).endsWith("[##############################] 4/4  last");
    }
    assertThat(text.toString()).endsWith("\r\u001b[K");
  }

  @Test
  void inAPipeItIsSilent() {
    try (ProgressBar bar = bar(false, 1)) {
      bar.step("ipvs");
    }
    assertThat(text.toString()).isEmpty();
  }

  private ProgressBar bar(boolean visible, int total) {
    return new ProgressBar(new PrintWriter(text), visible, total, () -> now);
  }
}
