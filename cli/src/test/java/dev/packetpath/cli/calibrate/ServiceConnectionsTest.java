package dev.packetpath.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.packetpath.compare.work.PathCosts;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServiceConnectionsTest {
  @ParameterizedTest
  @CsvSource({"20, 2", "34, 1"})
  void rulesRiseWithThePlaceOfAService(int minor, int rulesOfAService) throws IOException {
    ServiceConnections few = ServiceConnections.of(new KubeVersion(minor), 40);
    assertThat(few.rulesTo(7) - few.rulesTo(6)).isEqualTo(rulesOfAService, offset(1e-9));
    assertThat((few.rulesTo(0) + few.rulesTo(39)) / 2).isEqualTo(few.rules().mean(), offset(1e-9));
    assertThat(few.connections().ruleset())
        .contains("-d " + few.connections().to().get(0).address() + "/32");
  }

  @ParameterizedTest
  @CsvSource({"20", "34"})
  void rulesAreThoseThatConnectionsArePricedBy(int minor) throws IOException {
    KubeVersion version = new KubeVersion(minor);
    assertThat(ServiceConnections.of(version, 300).rules().mean())
        .isCloseTo(
            ConnectPrediction.work(new PathCosts(), version, 300).rules().mean(), offset(1e-6));
  }
}
