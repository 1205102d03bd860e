package dev.packetpath.node.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What kernel 6.1.192 did with a SYN of a known connection, and with those of removed servers. */
final class RecordedReuseTest {
  private static final IpAddress CLIENT = IpAddress.parse("198.51.100.7");
  private static final IpAddress VIRTUAL = IpAddress.parse("10.96.9.6");
  private static final ServiceKey KEY = new ServiceKey.Virtual(IpProtocol.TCP, VIRTUAL, 80);
  private static final IpAddress FIRST = IpAddress.parse("10.244.0.3");

  private static final String TABLES =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      COMMIT
      """;

  private static JsonNode facts() throws IOException {
    try (InputStream file =
            Objects.requireNonNull(
                RecordedReuseTest.class.getResourceAsStream("ipvs-facts.json.gz"));
        InputStream json = new GZIPInputStream(file)) {
      return new ObjectMapper().readTree(json);
    }
  }

  static Stream<JsonNode> reuse() throws IOException {
    return StreamSupport.stream(facts().path("conn_reuse").spliterator(), false);
  }

  static Stream<JsonNode> removal() throws IOException {
    return StreamSupport.stream(facts().path("expire_nodest_conn").spliterator(), false);
  }

  @ParameterizedTest
  @MethodSource("reuse")
  void aSynOfAKnownConnection(JsonNode recorded) throws IOException {
    boolean masquerades = recorded.path("fwd").asText().equals("m");
    Director director =
        Director.of(
            TABLES,
            "",
            services(masquerades ? "-m" : "-g", 3),
            Map.of(
                "conntrack", recorded.path("vs.conntrack").asText(),
                "conn_reuse_mode", recorded.path("conn_reuse_mode").asText()),
            recorded.path("vs.conntrack").asInt() == 1);
    for (String step : waysTo(recorded.path("state_before").asText(), masquerades)) {
      boolean in = step.startsWith("in ");
      int flags = TcpFlags.parseLetters(step.substring(step.indexOf(' ') + 1));
      director.inject(in ? "cl" : "rs", in ? fromClient(flags) : fromServer(flags));
    }
    Ipvs ipvs = director.node().ipvs().orElseThrow();
    assertThat(states(ipvs)).containsExactly(recorded.path("state_before").asText());
    assertThat(servers(ipvs)).containsExactly(recorded.path("first_dest").asText());

    Director.Step second = director.inject("cl", fromClient(TcpFlags.SYN));
    ipvs.advance();
    assertThat(!second.wire().isEmpty())
        .isEqualTo(recorded.path("second_syn_forwarded").asBoolean());
    assertThat(servers(ipvs)).isEqualTo(texts(recorded.path("dests_after")));
    assertThat(states(ipvs)).isEqualTo(texts(recorded.path("states_after")));

    Director.Step third = director.inject("cl", fromClient(TcpFlags.SYN));
    ipvs.advance();
    assertThat(!third.wire().isEmpty()).isEqualTo(recorded.path("third_syn_forwarded").asBoolean());
    assertThat(servers(ipvs)).isEqualTo(texts(recorded.path("dests_after_third")));
  }

  private static String services(String method, int servers) {
    StringBuilder text = new StringBuilder("-A -t 10.96.9.6:80 -s rr\n");
    for (int i = 1; i <= servers; i++) {
      text.append("-a -t 10.96.9.6:80 -r 10.244.0.").append(i).append(":80 ");
      text.append(method).append(" -w 1\n");
    }
    return text.toString();
  }

  private static List<String> waysTo(String state, boolean masquerades) {
    if (masquerades) {
      return switch (state) {
        case "SYN_RECV" -> List.of("in S");
        case "ESTABLISHED" -> List.of("in S", "out SA", "in A");
        case "CLOSE_WAIT" -> List.of("in S", "out SA", "in A", "in FA");
        case "TIME_WAIT" -> List.of("in S", "out SA", "in A", "in FA", "out FA");
        default -> List.of("in S", "out SA", "in A", "in R");
      };
    }
    return switch (state) {
      case "SYN_RECV" -> List.of("in S");
      case "ESTABLISHED" -> List.of("in S", "in A");
      case "FIN_WAIT" -> List.of("in S", "in A", "in FA");
      case "TIME_WAIT" -> List.of("in S", "in FA");
      default -> List.of("in S", "in A", "in R");
    };
  }

  private static Packet fromClient(int flags) {
    return new Packet()
        .source(CLIENT)
        .sourcePort(7_100)
        .destination(VIRTUAL)
        .destinationPort(80)
        .tcpFlags(flags);
  }

  private static Packet fromServer(int flags) {
    return new Packet()
        .source(FIRST)
        .sourcePort(80)
        .destination(CLIENT)
        .destinationPort(7_100)
        .tcpFlags(flags);
  }

  @ParameterizedTest
  @MethodSource("removal")
  void aPacketWhoseServerIsGoneOrQuiet(JsonNode recorded) throws IOException {
    Director director =
        Director.of(
            TABLES,
            "",
            services("-m", 2),
            Map.of("expire_nodest_conn", recorded.path("expire_nodest_conn").asText()),
            false);
    Ipvs ipvs = director.node().ipvs().orElseThrow();
    director.inject("cl", fromClient(TcpFlags.SYN));
    director.inject("cl", fromClient(TcpFlags.ACK));
    IpAddress server = ipvs.connections().get(0).serverAddress();
    assertThat(server + ":80").isEqualTo(recorded.path("first").asText());
    if (recorded.path("action").asText().equals("delete")) {
      ipvs.removeServer(KEY, server, 80);
    } else {
      ipvs.editServer(KEY, ServerSpec.builder(server, 80).weight(0).build());
    }
    VirtualClock clock = director.node().host().clock();
    clock.advanceTo(clock.nowNs() + VirtualClock.NS_PER_SECOND / 10);
    ipvs.advance();
    assertThat(entries(ipvs)).isEqualTo(recorded.path("entries_100ms_after").toString());
    assertThat(wire(director, TcpFlags.ACK)).isEqualTo(wire(recorded.path("ACK_wire")));
    assertThat(entries(ipvs)).isEqualTo(recorded.path("entries_after_ACK").toString());
    assertThat(wire(director, TcpFlags.SYN)).isEqualTo(wire(recorded.path("SYN_wire")));
    ipvs.advance();
    assertThat(entries(ipvs)).isEqualTo(recorded.path("entries_after_SYN").toString());
  }

  private static List<String> wire(Director director, int flags) {
    return director.inject("cl", fromClient(flags)).wire();
  }

  private static List<String> wire(JsonNode recorded) {
    return texts(recorded).stream().map(line -> line.replaceAll("[(),']", "")).toList();
  }

  private static String entries(Ipvs ipvs) {
    return ipvs.connections().stream()
        .map(
            connection ->
                "[\"%s:%d\",\"%s\"]"
                    .formatted(
                        connection.serverAddress(),
                        connection.serverPort(),
                        connection.stateName()))
        .toList()
        .toString()
        .replace(" ", "");
  }

  private static List<String> servers(Ipvs ipvs) {
    return ipvs.connections().stream()
        .map(connection -> connection.serverAddress() + ":" + connection.serverPort())
        .toList();
  }

  private static List<String> states(Ipvs ipvs) {
    return ipvs.connections().stream().map(connection -> connection.stateName()).toList();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
