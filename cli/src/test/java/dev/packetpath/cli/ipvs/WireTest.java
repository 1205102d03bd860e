package dev.packetpath.cli.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.ipvs.KernelFlavour;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a kernel 6.1.192 let out of its director where the checked-in recordings have no case. */
final class WireTest {
  private static JsonNode lastStep(String kind, String vip, String server, String... steps)
      throws IOException {
    String scenario =
        """
        {"service": {"kind": "%s", "vip": "%s", "port": 80, "sched": "rr"},
         "steps": [%s, %s]}
        """
            .formatted(kind, vip, server, String.join(", ", steps));
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(scenario);
    new ScenarioRun(Place.of("wire"), json, KernelFlavour.TOTAL_CONNECTIONS).fillIn();
    JsonNode all = json.path("steps");
    return all.get(all.size() - 1);
  }

  private static String wire(JsonNode step) {
    assertThat(step.path("wire").size()).isLessThanOrEqualTo(1);
    return step.path("wire").path(0).asText("nothing");
  }

  /** The director has no sockets: it answers to what ip_vs leaves to it as to closed ports. */
  @ParameterizedTest
  @CsvSource({
    "tcp,10.0.0.7:4000,10.96.0.1:81,S,cl tcp 10.96.0.1:81 10.0.0.7:4000 AR",
    "tcp,10.0.0.7:4000,10.96.0.1:81,SA,cl tcp 10.96.0.1:81 10.0.0.7:4000 R",
    "tcp,10.0.0.7:4000,10.96.0.1:80,F,cl tcp 10.96.0.1:80 10.0.0.7:4000 AR",
    "tcp,10.0.0.7:4000,10.96.0.1:80,RA,nothing",
    "udp,10.0.0.7:4000,10.96.0.1:81,'',cl icmp 10.96.0.1 10.0.0.7 3/3",
    "sctp,10.0.0.7:4000,10.96.0.1:81,'',cl icmp 10.96.0.1 10.0.0.7 3/2",
  })
  void whatIpvsLeavesAlone(String protocol, String from, String to, String flags, String wire)
      throws IOException {
    JsonNode step =
        lastStep(
            "tcp",
            "10.96.0.1",
            "{\"op\": \"add\", \"rs\": \"10.244.0.1:8080\", \"fwd\": \"m\"}",
            "{\"op\": \"new\", \"cid\": 1, \"proto\": \"%s\", \"src\": \"%s\", \"dst\": \"%s\""
                    .formatted(protocol, from, to)
                + ", \"flags\": \"%s\"}".formatted(flags));
    assertThat(wire(step)).isEqualTo(wire);
  }

  @ParameterizedTest
  @CsvSource({
    "tcp,g,rs tcp [2001:db8::7]:4000 [fd00:96::1]:80 S",
    "udp,g,rs udp [2001:db8::7]:4000 [fd00:96::1]:80 ",
    "tcp,none,cl icmp fd00:96::1 2001:db8::7 1/4",
  })
  void ofIpv6(String kind, String forwarding, String wire) throws IOException {
    boolean servers = !forwarding.equals("none");
    JsonNode step =
        lastStep(
            kind,
            "fd00:96::1",
            "{\"op\": \"add\", \"rs\": \"[fd00:244::1]:80\", \"fwd\": \"%s\", \"w\": %d}"
                .formatted(servers ? forwarding : "g", servers ? 1 : 0),
            "{\"op\": \"new\", \"cid\": 1, \"src\": \"[2001:db8::7]:4000\","
                + " \"dst\": \"[fd00:96::1]:80\"}");
    assertThat(wire(step).strip()).isEqualTo(wire.strip());
  }
}
