package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IpvsReplayCommandTest {
  @TempDir private Path folder;

  private JsonNode replay(String text) throws IOException {
    Path in = folder.resolve("in.json");
    Path out = folder.resolve("out.json");
    Files.writeString(in, text.replace('\'', '"'));
    int status =
        Main.commandLine()
            .execute("ipvs-replay", "--scenarios", in.toString(), "--out", out.toString());
    assertThat(status).isZero();
    return new ObjectMapper().readTree(out.toFile());
  }

  @Test
  void fillsInWhatTheKernelWouldShow() throws IOException {
    JsonNode scenario =
        replay(
                """
                {'scenarios': [{'id': 'x', 'service':
                  {'kind': 'tcp', 'vip': 'fd00::1', 'port': 80, 'sched': 'rr',
                   'persist': {'timeout': 50, 'netmask': 64}},
                  'sysctl': {'conn_reuse_mode': 1, 'run_estimation': 1},
                  'steps': [
                  {'op': 'add', 'rs': '[fd00:1::1]:80', 'w': 3, 'fwd': 'm'},
                  {'op': 'new', 'cid': 1, 'src': '[fd00:2::9]:4000', 'dst': '[fd00::1]:80'},
                  {'op': 'pkt', 'cid': 1, 'dir': 'out', 'flags': 'SA'},
                  {'op': 'pkt', 'cid': 1, 'dir': 'in', 'flags': 'A'},
                  {'op': 'sysctl', 'name': 'conn_reuse_mode', 'value': 0},
                  {'op': 'edit', 'rs': '[fd00:1::1]:80', 'w': 0, 'fwd': 'm', 'u': 4, 'l': 2},
                  {'op': 'sleep', 's': 1000},
                  {'op': 'new', 'cid': 2, 'src': '[fd00:2::9]:4001', 'dst': '[fd00::1]:80'},
                  {'op': 'del', 'rs': '[fd00:1::1]:80'}]}]}
                """)
            .at("/scenarios/0");
    assertThat(scenario.at("/steps/1/got").asText()).isEqualTo("[fd00:1::1]:80");
    assertThat(scenario.at("/steps/1/state").asText()).isEqualTo("SYN_RECV");
    assertThat(scenario.at("/steps/1/templates").toString())
        .isEqualTo("[[\"tcp\",\"[fd00:2::]:0\",\"[fd00::1]:80\",\"[fd00:1::1]:80\",50]]");
    assertThat(scenario.at("/steps/3/state").asText()).isEqualTo("ESTABLISHED");
    assertThat(scenario.at("/steps/3/dests").toString()).isEqualTo("[[\"[fd00:1::1]:80\",3,1,0]]");
    assertThat(scenario.at("/steps/6/expired").toString()).isEqualTo("[1]");
    assertThat(scenario.at("/steps/7/got").isNull()).isTrue();
    assertThat(scenario.at("/steps/7").has("state")).isFalse();
    assertThat(scenario.at("/steps/8/dests").toString()).isEqualTo("[]");
    assertThat(scenario.at("/final/stats/0").toString())
        .isEqualTo("[\"TCP\",\"[fd00::1]:80\",\"1\",\"2\",\"1\",\"120\",\"60\"]");
  }

  @Test
  void followsSctpAndMarks() throws IOException {
    JsonNode scenarios =
        replay(
                """
                {'scenarios': [
                 {'service': {'kind': 'sctp', 'vip': '10.0.0.1', 'port': 9, 'sched': 'wlc'},
                  'steps': [
                  {'op': 'add', 'rs': '10.1.0.1:9', 'w': 1, 'fwd': 'i'},
                  {'op': 'new', 'cid': 1, 'src': '10.2.0.1:4000', 'dst': '10.0.0.1:9'},
                  {'op': 'pkt', 'cid': 1, 'dir': 'in', 'chunk': 10}]},
                 {'service': {'kind': 'fwm', 'mark': 7, 'net': '10.9.0.0/16', 'sched': 'dh'},
                  'steps': [
                  {'op': 'add', 'rs': '10.1.0.1:0', 'w': 1, 'fwd': 'g'},
                  {'op': 'new', 'cid': 1, 'proto': 'udp', 'src': '10.2.0.1:40', 'dst': '10.9.0.1:9'},
                  {'op': 'new', 'cid': 2, 'proto': 'udp', 'src': '10.2.0.1:40', 'dst': '10.8.0.1:9'}
                  ]}]}
                """)
            .path("scenarios");
    assertThat(scenarios.at("/0/steps/1/state").asText()).isEqualTo("INIT1");
    assertThat(scenarios.at("/0/steps/2/state").asText()).isEqualTo("ESTABLISHED");
    assertThat(scenarios.at("/1/steps/1/got").asText()).isEqualTo("10.1.0.1:9");
    assertThat(scenarios.at("/1/steps/2/got").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'scenarios': | in.json:1:14: found Unexpected end-of-input",
        "[] | in.json:1:1: found no scenarios, expected an object",
        "{'scenarios': [{'id': 'x', 'service': {'kind': 'tpc'}}]}"
            + "| in.json: scenario x: found 'kind': 'tpc', expected tcp, udp, sctp or fwm",
        "{'scenarios': [{'id': 'x', 'service': {'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1,"
            + " 'sched': 'rs'}}]} | in.json: scenario x: found 'sched': 'rs', expected a valid"
            + " value (unknown scheduler 'rs'",
        "{'scenarios': [{'id': 'x', 'service': {'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1},"
            + " 'sysctl': {'conn_use': 1}}]}"
            + "| in.json: scenario x: found setting 'conn_use', expected one of net.ipv4.vs",
        "{'scenarios': [{'id': 'x', 'service': {'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1},"
            + " 'steps': [{'op': 'add', 'rs': '10.0.0.2:80', 'w': 70000}]}]}"
            + "| in.json: scenario x: step 1: found server 10.0.0.2:80, expected a valid value"
            + " (weight out of range 0..65535: 70000)",
        "{'scenarios': [{'id': 'x', 'service': {'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1},"
            + " 'steps': [{'op': 'pkt', 'cid': 4, 'flags': 'A'}]}]}"
            + "| in.json: scenario x: step 1: found 'cid': 4, expected a connection that",
        "{'scenarios': [{'id': 'x', 'service': {'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1},"
            + " 'steps': [{'op': 'halt'}]}]}"
            + "| in.json: scenario x: step 1: found 'op': 'halt', expected add, edit, del",
        "{'tcpStates': {'sequences': [{'fwd': 'nat', 'steps': []}]}}"
            + "| in.json: tcpStates: sequence 1: found 'fwd': 'nat', expected masq, route or tunnel"
      })
  void whatIsWrongIsSaidWithItsPlace(String text, String error) throws IOException {
    StringWriter errors = new StringWriter();
    Path in = folder.resolve("in.json");
    Path out = folder.resolve("out.json");
    Files.writeString(in, text.replace('\'', '"'));
    int status =
        Main.commandLine()
            .setErr(new PrintWriter(errors, true))
            .execute("ipvs-replay", "--scenarios", in.toString(), "--out", out.toString());
    assertThat(status).isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("packetpath: " + folder + "/" + error.strip().replace('\'', '"'));
    assertThat(out).doesNotExist();
  }
}
