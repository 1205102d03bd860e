package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Suppliers;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.ipvs.testing.IpvsRecordings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decisions, states, counters and templates of kernel 6.1.192, step by step. */
final class RecordedScenariosTest {
  /** A scenario that names itself. */
  private record Scenario(JsonNode json) {
    @Override
    public String toString() {
      return json.path("id").asText();
    }
  }

  /** Read once: the tests of a scenario may be run one by one. */
  private static final Supplier<JsonNode> RECORDINGS =
      Suppliers.memoize(() -> read(IpvsRecordings::open));

  private static final Supplier<JsonNode> SCTP_RECORDINGS =
      Suppliers.memoize(() -> read(IpvsRecordings::openSctp));

  private interface Opening {
    InputStream open() throws IOException;
  }

  private static JsonNode read(Opening opening) {
    try (InputStream json = opening.open()) {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(RECORDINGS.get(), SCTP_RECORDINGS.get())
        .flatMap(all -> StreamSupport.stream(all.path("scenarios").spliterator(), false))
        .map(Scenario::new);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void eachStepEndsAsInTheKernel(Scenario scenario) {
    ScenarioPlayer player = new ScenarioPlayer(scenario.json);
    int number = 0;
    for (JsonNode step : scenario.json.path("steps")) {
      number++;
      assertThat(player.play(step)).as("step %s: %s", number, step).isEqualTo(expected(step));
    }
  }

  private static List<String> expected(JsonNode step) {
    List<String> templates = new ArrayList<>();
    for (JsonNode row : step.path("templates")) {
      String client = row.get(1).asText();
      templates.add(
          row.get(0).asText()
              + " "
              + client.substring(0, client.indexOf(':'))
              + " "
              + row.get(2).asText()
              + " "
              + row.get(3).asText());
    }
    templates.sort(null);
    return List.of(
        step.path("got").asText("null"),
        step.path("state").asText("null"),
        step.path("dests").toString(),
        templates.toString());
  }

  @Test
  void eachSegmentLeadsToTheKernelsState() {
    ServiceKey key = new ServiceKey.Virtual(IpProtocol.TCP, IpAddress.parse("10.96.0.1"), 80);
    IpAddress server = IpAddress.parse("10.244.0.1");
    IpvsSettings settings = IpvsSettings.DEFAULTS.with(IpvsSysctl.CONN_REUSE_MODE, 0);
    int segments = 0;
    for (JsonNode sequence : RECORDINGS.get().at("/tcpStates/sequences")) {
      VirtualClock clock = new VirtualClock();
      Ipvs ipvs = new Ipvs(settings, clock, new SeededDecisions(0), new Work());
      boolean masquerades = sequence.path("fwd").asText().equals("masq");
      ipvs.add(ServiceSpec.builder(key).scheduler("rr").build());
      ipvs.addServer(
          key,
          ServerSpec.builder(server, 80)
              .method(masquerades ? Method.MASQUERADE : Method.DIRECT_ROUTING)
              .build());
      for (JsonNode step : sequence.path("steps")) {
        Packet packet = new Packet().tcpFlags(TcpFlags.parseLetters(step.path("flags").asText()));
        if (step.path("dir").asText().equals("in")) {
          ipvs.fromClient(ends(packet, "10.0.0.1", 4_000, "10.96.0.1", 80), false);
        } else {
          ipvs.fromServer(ends(packet, "10.244.0.1", 80, "10.0.0.1", 4_000));
        }
        IpvsConnection connection = ipvs.connections().get(0);
        RealServer now = ipvs.find(key).orElseThrow().servers().get(0);
        assertThat(connection.stateName()).isEqualTo(step.path("state").asText());
        assertThat(connection.expiresInSeconds(0)).isEqualTo(step.path("expires").asLong());
        assertThat(now.activeConnections()).isEqualTo(step.path("active").asInt());
        assertThat(now.inactiveConnections()).isEqualTo(step.path("inactive").asInt());
        segments++;
      }
    }
    assertThat(segments).isEqualTo(1_990);
  }

  private static Packet ends(Packet packet, String source, int from, String destination, int to) {
    return packet
        .source(IpAddress.parse(source))
        .sourcePort(from)
        .destination(IpAddress.parse(destination))
        .destinationPort(to);
  }
}
