package dev.packetpath.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class ProgressBarTest {
  private final StringWriter text = new StringWriter();
  private long now = 5_000_000_000L;

  @Test
  void onATerminalItTellsHowFarAndHowLongAndGoes() {
    try (ProgressBar bar = bar(true)) {
      now += 2_000_000_000L;
      bar.step(4, "ipvs");
      assertThat(text.toString())
          .endsWith("[#######-----------------------]  25%  ipvs  about 6 s left");
      now += 10_000_000L;
      bar.step(4, "too soon to be shown");
      assertThat(text.toString()).doesNotContain("50%");
      bar.step(4, "");
      bar.step(4, "last");
      assertThat(text.toString()).endsWith("[##############################] 100%  last");
    }
    assertThat(text.toString()).endsWith("\r\u001b[K");
  }

  @Test
  void otherWorkHasATimeOfItsOwn() {
    try (ProgressBar bar = bar(true)) {
      now += 60_000_000_000L;
      bar.at(1, "first");
      bar.at(0, "second");
      now += 3_000_000_000L;
      bar.at(0.5, "second");
      assertThat(text.toString())
          .endsWith("[###############---------------]  50%  second  about 3 s left");
    }
  }

  @Test
  void inAPipeItIsSilent() {
    try (ProgressBar bar = bar(false)) {
      bar.step(1, "ipvs");
    }
    assertThat(text.toString()).isEmpty();
  }

  private ProgressBar bar(boolean visible) {
    return new ProgressBar(new PrintWriter(text), visible, () -> now);
  }
}
