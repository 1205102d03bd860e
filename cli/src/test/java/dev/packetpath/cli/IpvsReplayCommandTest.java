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

  /** The row of a mark as ipvsadm prints it; an INIT is 20 bytes of chunk. */
  @Test
  void countsThePacketsOfAMarkOfIpv6() throws IOException {
    JsonNode scenario =
        replay(
                """
                {'scenarios': [
                 {'service': {'kind': 'fwm', 'mark': 7, 'net': 'fd00:9::/64', 'sched': 'rr'},
                  'steps': [
                  {'op': 'add', 'rs': '[fd00:1::1]:0', 'w': 1, 'fwd': 'm'},
                  {'op': 'new', 'cid': 1, 'proto': 'sctp', 'src': '[fd00:2::9]:4000',
                   'dst': '[fd00:9::1]:80'},
                  {'op': 'pkt', 'cid': 1, 'dir': 'in', 'chunk': 10}]}]}
                """)
            .at("/scenarios/0");
    assertThat(scenario.at("/final/stats/0").toString())
        .isEqualTo("[\"FWM\",\"7\",\"IPv6\",\"1\",\"2\",\"0\",\"128\",\"0\"]");
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
        "{'scenarios': [{'id': 'x', 'service': {'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1},"
            + " 'sysctl': {'conn_use': 1}}]}"
            + "| in.json: scenario x: found setting 'conn_use', expected one of net.ipv4.vs",
        "{'scenarios': [{'id': 'x', 'sysctl': 4}]}"
            + "| in.json: scenario x: found 'sysctl': 4, expected an object",
        "{'scenarios': {}} | in.json: found 'scenarios': {}, expected an array",
        "{'scenarios': [4]} | in.json: scenario 1: found 4, expected an object",
        "{'scenarios': [{'id': 'x'}]} | in.json: scenario x: found no 'service', expected an object",
        "{'tcpStates': {'sequences': [{'fwd': 'masq', 'steps': [{'dir': 'up', 'flags':"
            + " 'S'}]}]}}"
            + "| in.json: tcpStates: sequence 1: step 1: found 'dir': 'up', expected in or out",
        "{'tcpStates': {'sequences': [{'fwd': 'nat', 'steps': []}]}}"
            + "| in.json: tcpStates: sequence 1: found 'fwd': 'nat', expected masq, route or tunnel"
      })
  void whatIsWrongIsSaidWithItsPlace(String text, String error) throws IOException {
    assertThat(errors(text))
        .startsWith("packetpath: " + folder + "/" + error.strip().replace('\'', '"'));
  }

  /** Runs what is wrong, and returns what is said of it. */
  private String errors(String text) throws IOException {
    StringWriter errors = new StringWriter();
    Path in = folder.resolve("in.json");
    Files.writeString(in, text.replace('\'', '"'));
    String out = folder.resolve("out.json").toString();
    int status =
        Main.commandLine()
            .setErr(new PrintWriter(errors, true))
            .execute("ipvs-replay", "--scenarios", in.toString(), "--out", out);
    assertThat(status).isEqualTo(1);
    return errors.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'kind': 'tpc'} | found 'kind': 'tpc', expected tcp, udp, sctp or fwm",
        "{'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1, 'sched': 'rs'}"
            + "| found 'sched': 'rs', expected a valid value (unknown scheduler 'rs'",
        "{'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1, 'scheduler': 'rr'}"
            + "| found field 'scheduler', expected one of kind, vip, port, mark, net, sched,"
            + " schedFlags, persist, ops",
        "{'kind': 'tcp', 'vip': '10.0.0.1', 'port': 70000}"
            + "| found 'port': 70000, expected a valid value (port out of",
        "{'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1, 'sched': 'sh', 'schedFlags': 'mh-port'}"
            + "| found flag 'mh-port', expected a flag of scheduler sh",
        "{'kind': 'tcp', 'vip': '10.0.0.1', 'port': 0}"
            + "| found 'port': 0, expected 'persist': a service of all ports is persistent",
        "{'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1, 'persist': true}"
            + "| found 'persist': true, expected an object",
        "{'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1, 'persist': {'timeout': 0}}"
            + "| found 'persist': {'timeout':0}, expected a valid value (timeout out of range"
            + " 1..2678400: 0)",
        "{'kind': 'tcp', 'vip': 'fd00::1', 'port': 1, 'persist': {'timeout': 9, 'netmask': 0}}"
            + "| found 'persist': {'timeout':9,'netmask':0}, expected a valid value (prefix length"
            + " out of range 1..128: 0)"
      })
  void whatIsWrongWithAServiceIsSaid(String service, String error) throws IOException {
    whatIsWrongIsSaidWithItsPlace(
        "{'scenarios': [{'id': 'x', 'service': " + service + "}]}",
        "in.json: scenario x: " + error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'op': 'add', 'rs': '10.0.0.2:80', 'w': -1}"
            + "| step 1: found server 10.0.0.2:80, expected a valid value (weight out of range"
            + " 0..2147483647: -1)",
        "{'op': 'pkt', 'cid': 4, 'flags': 'A'}"
            + "| step 1: found 'cid': 4, expected a connection that",
        "{'op': 'halt'} | step 1: found 'op': 'halt', expected add, edit, del",
        "{'op': 'add', 'rs': '10.0.0.2:80', 'weight': 3}"
            + "| step 1: found field 'weight', expected one of op, rs, w",
        "{'op': 'add', 'rs': '10.0.0.2:80', 'u': 2, 'l': 3}"
            + "| step 1: found server 10.0.0.2:80, expected a valid value (lower threshold out of"
            + " range 0..2",
        "{'op': 'add', 'rs': '10.0.0.2:80'}, {'op': 'add', 'rs': '10.0.0.2:80'}"
            + "| step 2: found server 10.0.0.2:80, expected a valid value (service TCP 10.0.0.1:1 has"
            + " server 10.0.0.2:80 already)",
        "{'op': 'add', 'rs': '[fd00::2]:80', 'fwd': 'g'}"
            + "| step 1: found server [fd00::2]:1, expected a valid value (server [fd00::2]:1 is of"
            + " another family than service TCP 10.0.0.1:1, which takes a tunnel",
        "{'op': 'del', 'rs': '10.0.0.2:80'}"
            + "| step 1: found server 10.0.0.2:80, expected a valid value (service TCP 10.0.0.1:1 has"
            + " no server 10.0.0.2:80)",
        "{'op': 'new', 'src': '10.0.0.2:80', 'dst': '10.0.0.1:1'}"
            + "| step 1: found no 'cid', expected a value for it",
        "{'op': 'new', 'cid': 1, 'src': '[fd00::9]:80', 'dst': '10.0.0.1:1'}"
            + "| step 1: found 'src': '[fd00::9]:80', expected the family of",
        "{'op': 'new', 'cid': 1, 'src': '10.0.0.9:80', 'dst': '10.0.0.1:1', 'flags': 'X'}"
            + "| step 1: found 'flags': 'X', expected",
        "{'op': 'new', 'cid': 1, 'src': '10.0.0.9:80', 'dst': '10.0.0.1:1'}, {'op': 'pkt',"
            + " 'cid': 1, 'dir': 'up'}"
            + "| step 2: found 'dir': 'up', expected in or out",
        "{'op': 'sleep', 's': -1} | step 1: found 's': -1.0, expected 0 to 1000000000 seconds",
        "{'op': 'sysctl', 'name': 'conn_reuse_mode'}"
            + "| step 1: found no 'value', expected a number for the setting",
        "{'op': 'sysctl', 'conn_reuse': 0} | step 1: found setting 'conn_reuse', expected one of"
      })
  void whatIsWrongWithAStepIsSaid(String steps, String error) throws IOException {
    whatIsWrongIsSaidWithItsPlace(
        "{'scenarios': [{'id': 'x', 'service': {'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1},"
            + " 'steps': ["
            + steps
            + "]}]}",
        "in.json: scenario x: " + error);
  }

  @Test
  void aBadScenarioKeepsNoOtherFromRunning() throws IOException {
    String good =
        """
        {'id': '%s', 'service': {'kind': 'tcp', 'vip': '10.0.0.1', 'port': 1, 'sched': 'rr'},
         'steps': [{'op': 'add', 'rs': '10.0.0.2:80', 'w': %d}]}
        """;
    String text =
        good.formatted("a", 7) + "," + good.formatted("b", -1) + "," + good.formatted("c", 8);
    assertThat(errors("{'scenarios': [" + text + "]}"))
        .contains("scenario b: step 1")
        .doesNotContain("scenario c");
    Path out = folder.resolve("out.json");
    JsonNode scenarios = new ObjectMapper().readTree(out.toFile()).path("scenarios");
    assertThat(scenarios.at("/0/steps/0/dests").toString()).isEqualTo("[[\"10.0.0.2:80\",7,0,0]]");
    assertThat(scenarios.at("/1/steps/0").has("dests")).isFalse();
    assertThat(scenarios.at("/2/steps/0/dests").toString()).isEqualTo("[[\"10.0.0.2:80\",8,0,0]]");
  }

  /** Two flows between the same ends are one connection, whichever of them is asked for. */
  @Test
  void aConnectionIsFoundByItsEnds() throws IOException {
    JsonNode steps =
        replay(
                """
                {'scenarios': [{'service':
                  {'kind': 'tcp', 'vip': '10.0.0.1', 'port': 80, 'sched': 'rr'},
                  'steps': [
                  {'op': 'add', 'rs': '10.1.0.1:80', 'w': 1, 'fwd': 'm'},
                  {'op': 'new', 'cid': 1, 'src': '10.2.0.1:4000', 'dst': '10.0.0.1:80'},
                  {'op': 'del', 'rs': '10.1.0.1:80'},
                  {'op': 'new', 'cid': 2, 'src': '10.2.0.1:4000', 'dst': '10.0.0.1:80'},
                  {'op': 'pkt', 'cid': 2, 'dir': 'out', 'flags': 'A'},
                  {'op': 'sleep', 's': 1000},
                  {'op': 'sleep', 's': 1}]}]}
                """)
            .at("/scenarios/0/steps");
    assertThat(steps.at("/3/state").asText()).isEqualTo("SYN_RECV");
    assertThat(steps.at("/4/state").asText()).isEqualTo("ESTABLISHED");
    assertThat(steps.at("/5/expired").toString()).isEqualTo("[1,2]");
    assertThat(steps.at("/6/expired").toString()).isEqualTo("[1,2]");
  }

  /** As recorded: the reset for a server that is gone is the last packet of its connection. */
  @Test
  void thisHostsResetIsTheAnswerOfAServerThatIsNotMasqueraded() throws IOException {
    JsonNode steps =
        replay(
                """
                {'scenarios': [{'service':
                  {'kind': 'tcp', 'vip': '10.0.0.1', 'port': 80, 'sched': 'rr'},
                  'sysctl': {'expire_nodest_conn': 1},
                  'steps': [
                  {'op': 'add', 'rs': '10.1.0.1:80', 'w': 1, 'fwd': 'i'},
                  {'op': 'new', 'cid': 1, 'src': '10.2.0.1:4000', 'dst': '10.0.0.1:80'},
                  {'op': 'del', 'rs': '10.1.0.1:80'},
                  {'op': 'pkt', 'cid': 1, 'dir': 'in', 'flags': 'A'}]}]}
                """)
            .at("/scenarios/0/steps");
    assertThat(steps.at("/3/state").asText()).isEqualTo("CLOSE");
    assertThat(steps.at("/3/expires").asInt()).isEqualTo(10);
  }

  /** As ipvsadm does: only masquerading changes the port. */
  @Test
  void aServerThatIsNotMasqueradedHasThePortOfItsService() throws IOException {
    JsonNode steps =
        replay(
                """
                {'scenarios': [{'service':
                  {'kind': 'tcp', 'vip': '10.0.0.1', 'port': 80, 'sched': 'rr'},
                  'steps': [
                  {'op': 'add', 'rs': '10.1.0.1:8080', 'w': 1, 'fwd': 'g'},
                  {'op': 'add', 'rs': '10.1.0.2:8080', 'w': 1, 'fwd': 'm'}]}]}
                """)
            .at("/scenarios/0/steps");
    assertThat(steps.at("/1/dests").toString())
        .isEqualTo("[[\"10.1.0.2:8080\",1,0,0],[\"10.1.0.1:80\",1,0,0]]");
  }
}
