package dev.packetpath.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

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
    assertThat(ConnectPrediction.ruleBytes(40, few.rules()))
        .isEqualTo(40L * rulesOfAService * RuleCurve.RULE_BYTES);
    assertThat(few.connections().ruleset())
        .contains("-d " + few.connections().to().get(0).address() + "/32");
  }

  @ParameterizedTest
  @CsvSource({"20", "34"})
  void theHandshakeOfManyServicesIsThatOfFewAndMoreRules(int minor) throws IOException {
    KubeVersion version = new KubeVersion(minor);
    ServiceConnections many = ServiceConnections.of(version, 40);
    ConnectionWork foreseen = ConnectionWork.toServices(version).withRules(many.rules().mean());
    ConnectionWork walked =
        ConnectionWork.of(
            ServiceConnections.program(version, 40).snapshot(),
            many.places().stream().map(ServiceConnections::address).toArray(String[]::new),
            80);
    foreseen
        .work()
        .forEach(
            (operation, times) ->
                assertThat(walked.work().get(operation))
                    .as(operation)
                    .isCloseTo(times, withPercentage(3)));
    assertThat(walked.work().keySet()).isEqualTo(foreseen.work().keySet());
  }
}
