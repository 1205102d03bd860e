package dev.packetpath.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.ResponseTime;
import dev.packetpath.compare.Row;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class ResultsJsonTest {
  private final Report report = MadeUp.report();

  @Test
  void aRowHasTheDocumentedShape() throws IOException {
    JsonNode root = new ObjectMapper().readTree(ResultsJson.of(report));
    assertThat(root.get("profile").asText()).isEqualTo("made-up <1>");
    assertThat(root.get("rows")).hasSize(6 * 2 * 4);
    JsonNode row = root.at("/rows/24");
    assertThat(row.toString())
        .isEqualTo(
            "{\"mode\":\"iptables\",\"layout\":\"1.20\",\"keepalive\":1,\"services\":1000,"
                + "\"endpoints\":10,\"requestsPerSecond\":1000,"
                + "\"responseTimeMs\":{\"mean\":1.733,\"p50\":1.5597,\"p90\":2.7728,\"p99\":4.6791},"
                + "\"cpuCores\":{\"total\":0.5753,\"rules\":0.028,\"conntrack\":0.006,\"nat\":0.003,"
                + "\"ipvs\":0,\"sync\":0.0083,\"base\":0.53},"
                + "\"rulesPerNewConnection\":{\"mean\":1012,\"max\":2020,\"serviceChainMax\":2000},"
                + "\"rulesPerEstablishedPacket\":{\"mean\":2}}");
  }

  @Test
  void layoutsAreToldApart() throws IOException {
    JsonNode rows = new ObjectMapper().readTree(ResultsJson.of(report)).get("rows");
    assertThat(rows.findValuesAsText("layout")).contains("1.20", "current");
    assertThat(rows.get(1).get("mode").asText()).isEqualTo("iptables");
    assertThat(rows.get(1).get("layout").asText()).isEqualTo("current");
  }

  @Test
  void calicoAdviceAndCommandStandBesideTheRows() throws IOException {
    JsonNode root = new ObjectMapper().readTree(ResultsJson.of(report));
    assertThat(root.at("/calico/5").toString())
        .isEqualTo("{\"services\":10000,\"rulesPerNewConnection\":{\"mean\":50.5,\"max\":58}}");
    assertThat(root.at("/advice/sentence").asText()).contains("nftables");
    assertThat(root.at("/advice/breakEven/0").fieldNames())
        .toIterable()
        .containsExactly("saves", "keepalive", "from", "to", "services", "atEverySize");
    assertThat(root.get("command").asText()).startsWith("packetpath compare");
  }

  @Test
  void aQueueThatGrowsForEverHasNoTime() throws IOException {
    Row row = report.result().rows().get(0);
    double never = Double.POSITIVE_INFINITY;
    Row overload =
        new Row(
            row.configuration(),
            new ResponseTime(never, never, never, never),
            row.cpu(),
            row.rulesPerNewConnection(),
            0);
    Report one =
        new Report(
            new ExperimentResult("p", ImmutableList.of(overload)),
            ImmutableList.of(),
            report.advice(),
            ImmutableList.of(),
            "");
    JsonNode root = new ObjectMapper().readTree(ResultsJson.of(one));
    assertThat(root.at("/rows/0/responseTimeMs/mean").isNull()).isTrue();
  }
}
