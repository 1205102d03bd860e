package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.BaseEncoding;
import dev.packetpath.conformance.ClusterLab.Call;
import dev.packetpath.conformance.ClusterLab.Server;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;
import dev.packetpath.iptables.syntax.SavePrinter;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.manifest.ClusterManifests;
import dev.packetpath.kubernetes.manifest.ClusterSettings;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketNotation;
import dev.packetpath.node.PacketRequest;
import dev.packetpath.node.explore.Explorer;
import dev.packetpath.node.explore.Outcome;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real connections through what {@code packetpath program} writes: they reach the endpoints that it
 * foretells, as often as it foretells, and leave the counters and connections that the models have
 * of the same packets.
 */
final class ClusterTrafficTest {
  private static final Path MANIFESTS =
      Path.of("..", "kubernetes-model", "src", "test", "resources")
          .resolve("dev/packetpath/kubernetes/flows/cluster.yaml");

  /** What a standard normal variable exceeds once in 1,000 times. */
  private static final double ONE_IN_1000 = 3.0902;

  /** A run that chance makes look wrong, one in 1,000, is made again. */
  private static final int RUNS = 3;

  private static final int FIRST_PORT = 20_000;

  /** No connection ends before it is read, however long the calls take on a busy machine. */
  private static final ImmutableMap<String, String> TIMEOUTS =
      Stream.of(
              "tcp_timeout_syn_sent",
              "tcp_timeout_syn_recv",
              "tcp_timeout_fin_wait",
              "tcp_timeout_close_wait",
              "tcp_timeout_last_ack",
              "tcp_timeout_time_wait",
              "tcp_timeout_close",
              "udp_timeout",
              "udp_timeout_stream",
              "icmp_timeout")
          .collect(
              ImmutableMap.toImmutableMap(
                  name -> "net.netfilter.nf_conntrack_" + name, name -> "7200"));

  /** Who calls whom how often; {@code way} is where the calls come in. */
  private record Calls(String way, String protocol, String from, String to, int port, int count) {
    private String at() {
      return to + ":" + port;
    }
  }

  /** A Service with session affinity. */
  private static final Calls STICKY = new Calls("cni0", "tcp", "10.244.1.98", "10.96.1.13", 80, 20);

  private static final List<Calls> CALLS =
      List.of(
          new Calls("cni0", "tcp", "10.244.1.99", "10.96.1.1", 80, 150),
          new Calls("cni0", "udp", "10.244.1.99", "10.96.1.14", 53, 100),
          new Calls("cni0", "tcp", "10.244.1.99", "10.96.1.14", 53, 20),
          new Calls("eth0", "tcp", "198.51.100.77", "192.168.0.11", 30080, 100),
          new Calls("cni0", "tcp", "10.244.1.99", "192.168.0.11", 30081, 60),
          new Calls("eth0", "tcp", "198.51.100.77", "192.168.0.11", 30081, 10),
          new Calls("cni0", "tcp", "10.244.1.99", "203.0.113.10", 80, 60),
          new Calls("eth0", "tcp", "198.51.100.77", "203.0.113.12", 80, 10),
          new Calls("eth0", "tcp", "198.51.100.77", "203.0.113.11", 80, 5),
          new Calls("eth0", "tcp", "198.51.100.77", "198.51.100.5", 80, 5),
          new Calls("cni0", "tcp", "10.244.1.99", "10.96.1.10", 80, 5),
          new Calls("cni0", "tcp", "10.244.1.25", "10.96.1.23", 80, 5),
          new Calls("cni0", "tcp", "10.244.1.99", "10.96.1.12", 80, 2),
          new Calls("cni0", "tcp", "10.244.1.99", "198.51.100.6", 80, 1),
          new Calls("cni0", "tcp", "10.244.1.99", "10.96.1.11", 80, 1),
          new Calls("eth0", "tcp", "203.0.113.99", "203.0.113.11", 80, 1),
          new Calls("eth0", "tcp", "198.51.100.77", "192.168.0.11", 30082, 1),
          STICKY);

  @BeforeEach
  void checkTheMachine() {
    LabAvailability availability = LabAvailability.check();
    assumeTrue(availability.isAvailable(), availability.reason());
  }

  @ParameterizedTest
  @CsvSource({"IPTABLES, 34", "IPTABLES, 20", "NFTABLES, 34", "NFTABLES, 29"})
  void connectionsGoWhereTheProgramSaysAndCountAsTheModelsCount(ProxyMode mode, int minor)
      throws IOException {
    ProxyConfig config = ProxyConfig.builder().mode(mode).version(new KubeVersion(minor)).build();
    NodeProgram program = NodeProgram.of(cluster(), "n1", config);
    NodeSnapshot snapshot = patient(program.snapshot());
    List<TreeMap<String, Double>> shares =
        CALLS.stream().map(calls -> shares(snapshot, calls)).toList();
    JsonNode kernel = ClusterLab.run(program, TIMEOUTS, servers(), single());
    for (int run = 1; run < RUNS && !isLikely(shares, kernel); run++) {
      kernel = ClusterLab.run(program, TIMEOUTS, servers(), single());
    }
    assertThat(isLikely(shares, kernel)).as("shares %s", shares).isTrue();

    Node node = replay(snapshot, kernel.path("packets"), choices(shares, kernel));
    if (mode == ProxyMode.IPTABLES) {
      StringBuilder ours = new StringBuilder();
      SavePrinter.print(node.iptables(IpFamily.IPV4).orElseThrow().snapshot(), true, ours);
      assertThat(SavedText.counted(kernel.path("rules").asText()).tables())
          .isEqualTo(SavedText.counted(ours.toString()).tables());
    }
    assertThat(connections(kernel.path("conntrack"))).isEqualTo(connections(ours(node)));
  }

  private static NodeSnapshot patient(NodeSnapshot snapshot) {
    Sysctls sysctls = snapshot.sysctls();
    for (Map.Entry<String, String> timeout : TIMEOUTS.entrySet()) {
      sysctls = sysctls.with(timeout.getKey(), timeout.getValue());
    }
    return snapshot.withSysctls(sysctls);
  }

  private static Cluster cluster() throws IOException {
    ClusterManifests manifests = new ClusterManifests();
    try (Reader text = Files.newBufferedReader(MANIFESTS)) {
      manifests.read("cluster.yaml", text);
    }
    return manifests.cluster(ClusterSettings.usual());
  }

  /** Every endpoint of the cluster but those that are the node itself. */
  private static List<Server> servers() throws IOException {
    return cluster().services().stream()
        .flatMap(service -> service.ports().stream())
        .flatMap(
            port ->
                port.endpoints().stream()
                    .map(
                        endpoint ->
                            new Server(
                                port.protocol().toString(),
                                endpoint.address().toString(),
                                endpoint.port())))
        .filter(server -> !server.address().startsWith("192.168."))
        .distinct()
        .toList();
  }

  private static List<Call> single() {
    List<Call> single = new ArrayList<>();
    for (Calls calls : CALLS) {
      for (int i = 0; i < calls.count(); i++) {
        int port = FIRST_PORT + single.size();
        single.add(new Call(calls.protocol(), calls.from(), port, calls.to(), calls.port()));
      }
    }
    return single;
  }

  /** Returns how probable each endpoint is for a first packet; empty if it is led to none. */
  private static TreeMap<String, Double> shares(NodeSnapshot snapshot, Calls calls) {
    String flow =
        "in=%s %s %s:%d > %s:%d"
            .formatted(
                calls.way(), calls.protocol(), calls.from(), FIRST_PORT, calls.to(), calls.port());
    PacketRequest.Given request = (PacketRequest.Given) PacketNotation.parse(flow);
    TreeMap<String, Double> shares = new TreeMap<>();
    for (Outcome<String> outcome :
        Explorer.builder()
            .followChances(true)
            .build()
            .explore(
                decisions -> {
                  Node node = Node.builder(snapshot).decisions(decisions).build();
                  return node
                      .inject(Injection.on(calls.way(), request.packet().copy()))
                      .emissions()
                      .stream()
                      .filter(emission -> !emission.packet().isIcmp())
                      .map(emission -> endpoint(emission.packet()))
                      .findFirst()
                      .orElse("");
                },
                endpoint -> endpoint)
            .outcomes()) {
      if (!outcome.result().isEmpty() && !outcome.result().equals(calls.at())) {
        shares.put(outcome.result(), Double.parseDouble(outcome.probability().toDecimal(12)));
      }
    }
    return shares;
  }

  private static String endpoint(Packet packet) {
    return packet.destination() + ":" + packet.destinationPort();
  }

  /**
   * Checks that calls reach none but their endpoints; tells whether they share them as foretold.
   */
  private static boolean isLikely(List<TreeMap<String, Double>> shares, JsonNode kernel) {
    double chiSquare = 0;
    int freedom = 0;
    int at = 0;
    for (int i = 0; i < CALLS.size(); i++) {
      Calls calls = CALLS.get(i);
      TreeMap<String, Integer> reached = new TreeMap<>();
      for (int j = 0; j < calls.count(); j++) {
        JsonNode answer = kernel.path("calls").path(at++);
        assertThat(answer.has("errno"))
            .as("%s: %s", calls, answer)
            .isEqualTo(shares.get(i).isEmpty());
        if (answer.has("server")) {
          reached.merge(answer.path("server").asText(), 1, Integer::sum);
        }
      }
      assertThat(shares.get(i).keySet()).as("%s", calls).containsAll(reached.keySet());
      if (calls.equals(STICKY)) {
        assertThat(reached).as("one endpoint for one client").hasSize(1);
      } else if (shares.get(i).size() > 1) {
        freedom += shares.get(i).size() - 1;
        chiSquare += chiSquare(shares.get(i), reached, calls.count());
      }
    }
    return chiSquare <= limit(freedom);
  }

  private static double chiSquare(
      TreeMap<String, Double> shares, TreeMap<String, Integer> reached, int count) {
    double sum = 0;
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      double expected = share.getValue() * count;
      double difference = reached.getOrDefault(share.getKey(), 0) - expected;
      sum += difference * difference / expected;
    }
    return sum;
  }

  /** What a chi-square exceeds once in 1,000 times, by Wilson and Hilferty. */
  private static double limit(int freedom) {
    double spread = 2.0 / (9 * freedom);
    return freedom * Math.pow(1 - spread + ONE_IN_1000 * Math.sqrt(spread), 3);
  }

  /** What the kernel chose: how many endpoints it passed over, and the port when masquerading. */
  private record Choice(int before, int port) {}

  /** Returns the kernel's choice for each connection, by its first packet, from its entry. */
  private static Map<String, Choice> choices(
      List<TreeMap<String, Double>> shares, JsonNode kernel) {
    Map<String, JsonNode> replies = new HashMap<>();
    for (JsonNode entry : kernel.path("conntrack")) {
      JsonNode orig = entry.path("orig");
      replies.put(
          key(
              orig.path("proto").asText(),
              orig.path("src").asText() + ":" + orig.path("sport").asText(),
              orig.path("dst").asText() + ":" + orig.path("dport").asText()),
          entry.path("reply"));
    }
    Map<String, Choice> choices = new HashMap<>();
    List<Call> single = single();
    int at = 0;
    for (int i = 0; i < CALLS.size(); i++) {
      List<String> endpoints = List.copyOf(shares.get(i).keySet());
      for (int j = 0; j < CALLS.get(i).count(); j++) {
        String key = key(single.get(at++));
        JsonNode reply = replies.getOrDefault(key, JsonNodeFactory.instance.missingNode());
        String endpoint = reply.path("src").asText() + ":" + reply.path("sport").asText();
        choices.put(
            key, new Choice(endpoints.indexOf(endpoint), reply.path("dport").asInt(FIRST_PORT)));
      }
    }
    return choices;
  }

  private static String key(Call call) {
    return key(
        call.protocol(),
        call.source() + ":" + call.sourcePort(),
        call.destination() + ":" + call.port());
  }

  private static String key(String protocol, String source, String destination) {
    return protocol + " " + source + " > " + destination;
  }

  private static String key(Packet packet) {
    return key(
        packet.protocol() == IpProtocol.TCP ? "tcp" : "udp",
        packet.source() + ":" + packet.sourcePort(),
        endpoint(packet));
  }

  /** Hands the packets that the kernel had to the models, with the kernel's choices. */
  private static Node replay(NodeSnapshot snapshot, JsonNode packets, Map<String, Choice> choices) {
    KnownDecisions decisions = new KnownDecisions();
    Node node = Node.builder(snapshot).decisions(decisions).build();
    for (JsonNode seen : packets) {
      Packet packet =
          WireFormat.decode(BaseEncoding.base16().lowerCase().decode(seen.path("data").asText()));
      Choice choice = choices.get(key(packet));
      if (choice != null) {
        decisions.next(choice.before(), choice.port());
      }
      node.inject(
          new Injection(
              seen.path("in").asText(), packet, OptionalLong.of(seen.path("ns").asLong())));
    }
    return node;
  }

  private static JsonNode ours(Node node) {
    var json = JsonNodeFactory.instance.arrayNode();
    ConntrackJson.write(
        node.conntrack().map(Conntrack::connections).orElse(ImmutableList.of()),
        node.host().clock().nowNs(),
        json);
    return json;
  }

  private static TreeSet<String> connections(JsonNode entries) {
    TreeSet<String> texts = new TreeSet<>();
    for (JsonNode entry : StreamSupport.stream(entries.spliterator(), false).toList()) {
      texts.add(
          String.join(
              " ",
              entry.path("orig").toString(),
              entry.path("reply").toString(),
              entry.path("status").toString(),
              entry.path("tcp_state").asText()));
    }
    return texts;
  }
}
