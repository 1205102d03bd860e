package dev.packetpath.node.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.ipvs.Disposition;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.IpvsConnection;
import dev.packetpath.ipvs.IpvsSettings;
import dev.packetpath.ipvs.IpvsSysctl;
import dev.packetpath.ipvs.Persistence;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.ServiceSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What kernel 6.1.192 with 100 ticks a second ended, and when: templates, late timers, and what its
 * defence drops. The recordings do not tell the count of ticks at which they began.
 */
final class RecordedTimesTest {
  private static final IpAddress CLIENT = IpAddress.parse("198.51.100.7");
  private static final IpAddress VIRTUAL = IpAddress.parse("10.96.9.7");
  private static final IpvsSettings SETTINGS = IpvsSettings.DEFAULTS.withTicksPerSecond(100);
  private static final long TICK_NS = VirtualClock.NS_PER_SECOND / 100;
  private static final double POLL_SECONDS = 0.5;
  private static final int PHASES = 64;

  private static JsonNode facts() throws IOException {
    try (InputStream file =
            Objects.requireNonNull(
                RecordedTimesTest.class.getResourceAsStream("ipvs-facts.json.gz"));
        InputStream json = new GZIPInputStream(file)) {
      return new ObjectMapper().readTree(json);
    }
  }

  private static JsonNode section(String start) throws IOException {
    return facts().properties().stream()
        .filter(entry -> entry.getKey().startsWith(start))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  /** A service of two servers and its clock. */
  private static final class Director {
    private final VirtualClock clock = new VirtualClock();
    private final SeededDecisions decisions;
    private final ServiceKey key;
    private final Ipvs ipvs;
    private long packets;

    Director(IpvsSettings settings, int protocol, int persistentSeconds, long ticks, long seed) {
      clock.advanceTo(ticks * TICK_NS);
      decisions = new SeededDecisions(seed);
      key = new ServiceKey.Virtual(protocol, VIRTUAL, 80);
      ipvs = new Ipvs(settings, clock, decisions, new Work());
      ServiceSpec.Builder service = ServiceSpec.builder(key).scheduler("rr");
      if (persistentSeconds > 0) {
        service.persistence(Persistence.perClient(IpFamily.IPV4, persistentSeconds));
      }
      ipvs.add(service.build());
      for (int server = 1; server <= 2; server++) {
        ipvs.addServer(key, server(server, 1));
      }
    }

    private static ServerSpec server(int number, int weight) {
      return ServerSpec.builder(IpAddress.parse("10.244.0." + number), 80).weight(weight).build();
    }

    Disposition send(int port, int flags) {
      decisions.startPacket(packets++);
      Packet packet = new Packet().addresses(CLIENT, VIRTUAL).ports(port, 80);
      if (((ServiceKey.Virtual) key).protocol() == IpProtocol.TCP) {
        packet.tcpFlags(flags);
      } else {
        packet.protocol(IpProtocol.UDP);
      }
      return ipvs.fromClient(packet, false);
    }

    void answer(int flags) {
      IpvsConnection connection = ipvs.connection();
      ipvs.fromServer(
          new Packet()
              .addresses(connection.serverAddress(), connection.clientAddress())
              .ports(connection.serverPort(), connection.clientPort())
              .tcpFlags(flags));
    }

    void advance(long ns) {
      clock.advanceTo(clock.nowNs() + ns);
      ipvs.advance();
    }

    List<String> table() {
      return ipvs.connections().stream()
          .map(
              connection ->
                  "[\"tcp\",\"%s:%d\",\"%s:%d\",\"%s:%d\",\"%s\",%d]"
                      .formatted(
                          connection.clientAddress(),
                          connection.clientPort(),
                          connection.virtualAddress(),
                          connection.virtualPort(),
                          connection.serverAddress(),
                          connection.serverPort(),
                          connection.stateName(),
                          connection.expiresInSeconds(clock.nowNs())))
          .toList();
    }
  }

  static Stream<JsonNode> quiescence() throws IOException {
    return StreamSupport.stream(facts().path("expire_quiescent_template").spliterator(), false);
  }

  @ParameterizedTest
  @MethodSource("quiescence")
  void aClientWhoseServerIsGoneOrQuiet(JsonNode recorded) {
    int expires = recorded.path("expire_quiescent_template").asInt();
    Director director =
        new Director(
            SETTINGS.with(IpvsSysctl.EXPIRE_QUIESCENT_TEMPLATE, expires),
            IpProtocol.TCP,
            300,
            0,
            1);
    List<String> servers = new ArrayList<>();
    for (int port = 7_200; port < 7_204; port++) {
      if (port == 7_202) {
        if (recorded.path("after 2 conns").asText().equals("delete")) {
          director.ipvs.removeServer(director.key, IpAddress.parse("10.244.0.2"), 80);
        } else {
          director.ipvs.editServer(director.key, Director.server(2, 0));
        }
      }
      director.send(port, TcpFlags.SYN);
      servers.add(director.ipvs.connection().serverAddress() + ":80");
    }
    assertThat(servers).isEqualTo(texts(recorded.path("dests")));
    assertThat(director.table())
        .containsExactlyInAnyOrderElementsOf(
            StreamSupport.stream(recorded.path("table").spliterator(), false)
                .map(JsonNode::toString)
                .toList());
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  /** The count of ticks is the first at which the model shows what was recorded. */
  @Test
  void aTemplateLivesOnInMinutesWhileItsConnectionDoes() throws IOException {
    JsonNode samples = section("template timer");
    assertThat(IntStream.range(0, 4_096).filter(ticks -> showsSamples(ticks, samples)))
        .isNotEmpty();
    assertThat(samples).hasSize(65);
  }

  private static boolean showsSamples(int ticks, JsonNode samples) {
    Director director = new Director(SETTINGS, IpProtocol.TCP, 100, ticks, 1);
    director.send(7_000, TcpFlags.SYN);
    director.send(7_000, TcpFlags.ACK);
    for (JsonNode sample : samples) {
      long atNs = ticks * TICK_NS + sample.path(0).asLong() * VirtualClock.NS_PER_SECOND;
      director.advance(atNs - director.clock.nowNs());
      boolean shown =
          isClose(sample.path(1), secondsLeft(director, true))
              && isClose(sample.path(2), secondsLeft(director, false));
      if (!shown) {
        return false;
      }
      if (sample.path(0).asInt() == 400) {
        director.send(7_001, TcpFlags.SYN);
      }
    }
    return true;
  }

  private static boolean isClose(JsonNode recorded, long seconds) {
    return recorded.isNull() ? seconds < 0 : Math.abs(recorded.asLong() - seconds) <= 1;
  }

  /** Returns the seconds left of the template or of the first connection, -1 if it is gone. */
  private static long secondsLeft(Director director, boolean template) {
    return director.ipvs.connections().stream()
        .filter(connection -> connection.clientPort() == (template ? 0 : 7_000))
        .mapToLong(connection -> connection.expiresInSeconds(director.clock.nowNs()))
        .findFirst()
        .orElse(-1);
  }

  static Stream<JsonNode> lateness() throws IOException {
    return StreamSupport.stream(section("timer wheel lateness").spliterator(), false);
  }

  /** The recorder looked from time to time, so it saw an end a little late. */
  @ParameterizedTest
  @MethodSource("lateness")
  void aConnectionEndsAsLateAsTheWheelTurns(JsonNode recorded) {
    String state = recorded.path("state").asText();
    double seen = recorded.path("removed_after").asDouble();
    int grainTicks = grainTicks(recorded.path("timeout").asInt());
    double earliest = Double.MAX_VALUE;
    double latest = 0;
    int stride = Math.max(1, grainTicks / PHASES);
    for (int ticks = 0; ticks < grainTicks; ticks += stride) {
      double end = secondsUntilEnd(state, ticks);
      earliest = Math.min(earliest, end);
      latest = Math.max(latest, end);
    }
    assertThat(seen).isBetween(earliest - stride * 0.01, latest + POLL_SECONDS);
    assertThat(earliest).isGreaterThan(recorded.path("timeout").asInt());
    assertThat(latest - earliest).isLessThan(grainTicks * 0.01);
  }

  /** With j ticks: 8^n for the least n with j below 63 * 8^n. */
  private static int grainTicks(int seconds) {
    int grain = 1;
    while (seconds * 100 >= 63 * grain) {
      grain *= 8;
    }
    return grain;
  }

  private static double secondsUntilEnd(String state, int ticks) {
    int protocol = state.equals("UDP") ? IpProtocol.UDP : IpProtocol.TCP;
    Director director = new Director(SETTINGS, protocol, 0, ticks, 1);
    director.send(7_000, TcpFlags.SYN);
    lead(director, state);
    assertThat(director.ipvs.connection().stateName()).isEqualTo(state);
    long before = director.clock.nowNs();
    while (director.ipvs.connectionCount() > 0) {
      director.advance(TICK_NS);
    }
    return (director.clock.nowNs() - before) / (double) VirtualClock.NS_PER_SECOND;
  }

  private static void lead(Director director, String state) {
    if (state.equals("UDP") || state.equals("SYN_RECV")) {
      return;
    }
    director.answer(TcpFlags.SYN | TcpFlags.ACK);
    director.send(7_000, TcpFlags.ACK);
    if (state.equals("CLOSE")) {
      director.send(7_000, TcpFlags.RST);
    } else if (!state.equals("ESTABLISHED")) {
      director.send(7_000, TcpFlags.FIN | TcpFlags.ACK);
      if (state.equals("TIME_WAIT")) {
        director.answer(TcpFlags.FIN | TcpFlags.ACK);
      }
    }
  }

  @Test
  void everyTenthNewConnectionIsDropped() throws IOException {
    JsonNode forwarded = section("drop_packet=3");
    Director director =
        new Director(SETTINGS.with(IpvsSysctl.DROP_PACKET, 3), IpProtocol.TCP, 0, 0, 1);
    List<Integer> shown = new ArrayList<>();
    for (int i = 0; i < forwarded.size(); i++) {
      shown.add(director.send(7_000 + i, TcpFlags.SYN) == Disposition.FORWARD ? 1 : 0);
    }
    assertThat(shown.toString().replace(" ", "")).isEqualTo(forwarded.toString());
  }

  /** Which connections go is drawn: the recording lies among 40 draws of the model. */
  @Test
  void halfOpenConnectionsAreDroppedAsFast() throws IOException {
    JsonNode samples = section("drop_entry=3");
    List<int[]> draws = IntStream.range(0, 40).mapToObj(seed -> left(seed, samples)).toList();
    for (int i = 0; i < samples.size(); i++) {
      int at = i;
      int recorded = samples.get(i).path(1).asInt();
      int least = draws.stream().mapToInt(draw -> draw[at]).min().orElseThrow();
      int most = draws.stream().mapToInt(draw -> draw[at]).max().orElseThrow();
      assertThat(recorded).as("after %s s", samples.get(i).path(0)).isBetween(least, most);
      assertThat(most - least).isLessThan(80);
    }
  }

  private static int[] left(int seed, JsonNode samples) {
    int opened = samples.path(0).path(1).asInt();
    Director director = new Director(SETTINGS, IpProtocol.TCP, 0, 0, seed);
    for (int i = 0; i < opened; i++) {
      director.send(7_000 + i, TcpFlags.SYN);
    }
    director.ipvs.settings(director.ipvs.settings().with(IpvsSysctl.DROP_ENTRY, 3));
    return StreamSupport.stream(samples.spliterator(), false)
        .mapToInt(
            sample -> {
              long atNs = sample.path(0).asLong() * VirtualClock.NS_PER_SECOND;
              director.advance(atNs - director.clock.nowNs());
              return director.ipvs.connectionCount();
            })
        .toArray();
  }

  @Test
  void aServerThatComesBackFindsItsConnections() throws IOException {
    JsonNode recorded = section("dest deleted and re-added");
    Director director = new Director(SETTINGS, IpProtocol.TCP, 0, 0, 1);
    for (int port = 7_000; port < 7_004; port++) {
      director.send(port, TcpFlags.SYN);
    }
    assertThat(servers(director)).isEqualTo(servers(recorded.path(0)));
    director.ipvs.removeServer(director.key, IpAddress.parse("10.244.0.1"), 80);
    assertThat(servers(director)).isEqualTo(servers(recorded.path(1)));
    director.ipvs.addServer(director.key, Director.server(1, 1));
    assertThat(servers(director)).isEqualTo(servers(recorded.path(2)));
  }

  private static List<String> servers(Director director) {
    return director.ipvs.find(director.key).orElseThrow().servers().stream()
        .map(
            server ->
                "[\"%s:%d\",\"Masq\",%d,%d,%d]"
                    .formatted(
                        server.address(),
                        server.port(),
                        server.weight(),
                        server.activeConnections(),
                        server.inactiveConnections()))
        .toList();
  }

  private static List<String> servers(JsonNode snapshot) {
    return StreamSupport.stream(snapshot.path(0).path("dests").spliterator(), false)
        .map(JsonNode::toString)
        .toList();
  }

  /** What the model does not heed decides about no packet, or is of the synchronization. */
  @Test
  void settingsBeginAsTheKernels() throws IOException {
    JsonNode recorded = section("vs sysctls (defaults)");
    Set<String> unheeded =
        Set.of("ignore_tunneled", "pmtu_disc", "run_estimation", "schedule_icmp");
    List<String> heeded = new ArrayList<>();
    for (IpvsSysctl sysctl : IpvsSysctl.values()) {
      assertThat(recorded.path(sysctl.key()).asText())
          .as(sysctl.key())
          .isEqualTo(Integer.toString(sysctl.initial()));
      heeded.add(sysctl.key());
    }
    assertThat(recorded.fieldNames())
        .toIterable()
        .allMatch(
            name -> heeded.contains(name) || unheeded.contains(name) || name.startsWith("sync_"));
  }
}
