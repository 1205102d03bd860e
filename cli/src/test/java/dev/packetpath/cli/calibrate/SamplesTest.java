package dev.packetpath.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SamplesTest {
  @Test
  void percentilesLieBetweenSamples() {
    Samples samples = Samples.of(List.of(30.0, 10.0, 20.0, 40.0, 50.0));
    assertThat(samples.low()).isEqualTo(12, offset(1e-9));
    assertThat(samples.median()).isEqualTo(30);
    assertThat(samples.noise()).isEqualTo(2.5, offset(1e-9));
    assertThat(Samples.of(List.of(7.0)).low()).isEqualTo(7);
  }
}
