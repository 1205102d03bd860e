package dev.packetpath.node.ipvs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.Resources;
import dev.packetpath.conntrack.ConntrackText;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.ipvs.IpvsConnection;
import dev.packetpath.node.Emission;
import dev.packetpath.node.Injection;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which chains kernel 6.1.192 walked for packets of IPVS, beside kube-proxy's rules. */
final class RecordedChainsTest {
  private static final String EMPTY_TABLES =
      """
      *raw
      :PREROUTING ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      COMMIT
      *mangle
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      COMMIT
      """;

  private static final String EMPTY_FILTER =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      COMMIT
      """;

  private static final String EMPTY_NAT =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      COMMIT
      """;

  /** Kube-proxy's rules of the mode ipvs, with the mark for masquerading as the mode has it. */
  private static final String KUBE_PROXY =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :KUBE-IPVS-FILTER - [0:0]
      -A INPUT -j KUBE-IPVS-FILTER
      -A KUBE-IPVS-FILTER -m set --match-set KUBE-CLUSTER-IP dst,dst -j RETURN
      -A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst -j REJECT --reject-with icmp-port-unreachable
      COMMIT
      *nat
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      :KUBE-MARK-MASQ - [0:0]
      :KUBE-POSTROUTING - [0:0]
      :KUBE-SERVICES - [0:0]
      -A PREROUTING -j KUBE-SERVICES
      -A OUTPUT -j KUBE-SERVICES
      -A POSTROUTING -j KUBE-POSTROUTING
      -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
      -A KUBE-POSTROUTING -m set --match-set KUBE-LOOP-BACK dst,dst,src -j MASQUERADE
      -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
      -A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
      -A KUBE-POSTROUTING -j MASQUERADE --random-fully
      -A KUBE-SERVICES %s -j KUBE-MARK-MASQ
      -A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT
      COMMIT
      """;

  private static final Map<String, String> MARKED =
      Map.of(
          "all", "-m set --match-set KUBE-CLUSTER-IP dst,dst",
          "cidr", "! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst",
          "none", "-m set --match-set KUBE-CLUSTER-IP src,dst");

  private static final String SETS =
      """
      create KUBE-CLUSTER-IP hash:ip,port
      add KUBE-CLUSTER-IP 10.96.9.3,tcp:80
      create KUBE-LOOP-BACK hash:ip,port,ip
      add KUBE-LOOP-BACK 10.244.0.1,tcp:8080,10.244.0.1
      create KUBE-IPVS-IPS hash:ip
      add KUBE-IPVS-IPS 10.96.9.3
      """;

  /** A case that names itself. */
  private record Case(String name, JsonNode json) {
    boolean says(String words) {
      return name.contains(words);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final Map<String, Packet> lastOf = new HashMap<>();

  static Stream<Case> cases() throws IOException {
    JsonNode facts;
    try (InputStream file =
            Objects.requireNonNull(
                RecordedChainsTest.class.getResourceAsStream("ipvs-facts.json.gz"));
        InputStream json = new GZIPInputStream(file)) {
      facts = new ObjectMapper().readTree(json);
    }
    return StreamSupport.stream(
            ((Iterable<Map.Entry<String, JsonNode>>) facts.properties()::iterator).spliterator(),
            false)
        .filter(entry -> entry.getValue().has("steps"))
        .map(entry -> new Case(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void eachPacketMovesTheKernelsCounters(Case recorded) throws IOException {
    Director director = director(recorded);
    Packet sent = new Packet();
    for (JsonNode step : recorded.json.path("steps")) {
      String what = step.path("packet").asText();
      String at = where(recorded, what);
      Packet packet = packet(recorded, step, what, sent);
      Director.Step done = director.inject(at, packet.copy());
      assertThat(done.chains()).as("%s: chains", what).isEqualTo(texts(step.path("chains")));
      assertThat(withoutDrawnPorts(done.wire()))
          .as("%s: wire", what)
          .isEqualTo(withoutDrawnPorts(texts(step.path("wire"))));
      sent = toServer(done).orElse(sent);
    }
    assertConnections(recorded, director);
  }

  static Stream<Case> kubeProxyCases() throws IOException {
    return cases().filter(recorded -> recorded.says("kube-proxy rules"));
  }

  /**
   * The whole program that kube-proxy's model writes leads packets the same ways; kube-proxy-*.txt
   * hold it. Of its rules those count that the recordings had; what KUBE-FORWARD accepts does not
   * get to the end of FORWARD.
   */
  @ParameterizedTest
  @MethodSource("kubeProxyCases")
  void theWholeProgramLeadsPacketsTheSameWay(Case recorded) throws IOException {
    Set<String> known =
        kubeProxyCases()
            .flatMap(one -> StreamSupport.stream(one.json.path("steps").spliterator(), false))
            .flatMap(step -> texts(step.path("chains")).stream())
            .collect(Collectors.toSet());
    Director director =
        director(
            recorded,
            EMPTY_TABLES + resource("kube-proxy-" + masquerading(recorded) + ".txt"),
            resource("kube-proxy-sets.txt"));
    Packet sent = new Packet();
    for (JsonNode step : recorded.json.path("steps")) {
      String what = step.path("packet").asText();
      Packet packet = packet(recorded, step, what, sent);
      Director.Step done = director.inject(where(recorded, what), packet.copy());
      Set<String> ways =
          done.chains().stream()
              .map(RecordedChainsTest::withoutComment)
              .map(way -> way.startsWith("filter/KUBE-FORWARD: ") ? "filter/FORWARD" : way)
              .filter(known::contains)
              .collect(Collectors.toSet());
      assertThat(ways).as("%s: chains", what).isEqualTo(Set.copyOf(texts(step.path("chains"))));
      assertThat(withoutDrawnPorts(done.wire()))
          .as("%s: wire", what)
          .isEqualTo(withoutDrawnPorts(texts(step.path("wire"))));
      sent = toServer(done).orElse(sent);
    }
    assertConnections(recorded, director);
  }

  private static String withoutComment(String rule) {
    return rule.replaceAll("-m comment --comment \"[^\"]*\" ", "");
  }

  private static String masquerading(Case recorded) {
    return recorded.name.replaceAll(".*masq=(\\w+).*", "$1");
  }

  private static String resource(String name) throws IOException {
    return Resources.toString(Resources.getResource(RecordedChainsTest.class, name), UTF_8);
  }

  private static Director director(Case recorded) throws IOException {
    boolean kube = recorded.says("kube-proxy rules");
    String rules = EMPTY_TABLES;
    if (kube) {
      rules += KUBE_PROXY.formatted(MARKED.get(masquerading(recorded)));
    } else {
      rules += EMPTY_FILTER + (recorded.says("no nat table") ? "" : EMPTY_NAT);
    }
    return director(recorded, rules, kube ? SETS : "");
  }

  private static Director director(Case recorded, String rules, String sets) throws IOException {
    boolean tracks = !recorded.says("conntrack off");
    Map<String, String> sysctls = new HashMap<>();
    sysctls.put("conntrack", recorded.says("vs.conntrack=1") ? "1" : "0");
    sysctls.put("sloppy_tcp", recorded.says("sloppy_tcp=1") ? "1" : "0");
    return Director.of(rules, sets, services(recorded), sysctls, tracks);
  }

  private static String services(Case recorded) {
    String vip = vip(recorded);
    String server = recorded.says("node itself") ? "192.168.1.1:8080 -m" : "10.244.0.1:8080 -m";
    if (recorded.says("direct routing")) {
      server = "10.244.0.1:80 -g";
    } else if (recorded.says("tunnel")) {
      server = "10.244.0.1:80 -i";
    }
    String weight = recorded.says("no destination available") ? " -w 0" : " -w 1";
    return "-A -t %s:80 -s rr\n-a -t %s:80 -r %s%s\n".formatted(vip, vip, server, weight);
  }

  private static String vip(Case recorded) {
    if (recorded.says("kube-proxy rules")) {
      return "10.96.9.3";
    }
    return recorded.says("client") ? "10.96.9.1" : "10.96.9.2";
  }

  private static String where(Case recorded, String what) {
    return switch (what.substring(0, what.indexOf(' '))) {
      case "client" -> "cl";
      case "local", "node" -> Injection.LOCAL;
      default -> "rs";
    };
  }

  private Packet packet(Case recorded, JsonNode step, String what, Packet sent) {
    int space = what.indexOf(' ');
    String who = what.substring(0, space);
    int flags =
        switch (what.substring(space + 1)) {
          case "SYN" -> TcpFlags.SYN;
          case "SYN-ACK" -> TcpFlags.SYN | TcpFlags.ACK;
          default -> TcpFlags.ACK;
        };
    int payload = what.endsWith(" data") ? 10 : 0;
    if (who.equals("server")) {
      return answer(sent).tcpFlags(flags).payloadLength(payload);
    }
    Packet first = lastOf.computeIfAbsent(who, key -> first(recorded, step));
    return first.copy().tcpFlags(flags);
  }

  private static Packet answer(Packet sent) {
    return new Packet()
        .source(sent.destination())
        .sourcePort(sent.destinationPort())
        .destination(sent.source())
        .destinationPort(sent.sourcePort())
        .tcpSequence(1_000)
        .tcpAcknowledgment(sent.tcpSequence() + 1);
  }

  /** The client of the case, as the recorded connection or the answer on the wire names it. */
  private static Packet first(Case recorded, JsonNode step) {
    boolean otherPort = recorded.says("VIP on other port");
    boolean noService = recorded.says("a port that is no service");
    String client = recorded.json.at("/ipvs/0/1").asText();
    if (otherPort) {
      client = "198.51.100.7:40099";
    } else if (!recorded.says("kube-proxy") && !recorded.says("client,")) {
      String wire = step.at("/wire/0").asText();
      client = wire.contains("icmp") ? "198.51.100.7:1237" : wire.split(" ")[3];
      client = client.startsWith("10.") ? wire.split(" ")[2] : client;
    }
    int colon = client.indexOf(':');
    return new Packet()
        .source(IpAddress.parse(client.substring(0, colon)))
        .sourcePort(Integer.parseInt(client.substring(colon + 1)))
        .destination(IpAddress.parse(vip(recorded)))
        .destinationPort(otherPort || noService ? 81 : 80);
  }

  private static java.util.Optional<Packet> toServer(Director.Step done) {
    return done.emissions().stream()
        .filter(emission -> emission.at().equals("rs"))
        .map(Emission::packet)
        .filter(packet -> packet.destination().equals(IpAddress.parse("10.244.0.1")))
        .findFirst();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  /** A masquerading port is drawn at random, by the kernel's seed or ours. */
  private static List<String> withoutDrawnPorts(List<String> wire) {
    return wire.stream()
        .map(
            line -> {
              String[] words = line.split(" ");
              if (words.length == 5 && words[2].startsWith("192.168.2.1:")) {
                int port = Integer.parseInt(words[2].substring("192.168.2.1:".length()));
                words[2] = port == 5_556 ? words[2] : "192.168.2.1:drawn";
              }
              return String.join(" ", words);
            })
        .toList();
  }

  private static void assertConnections(Case recorded, Director director) {
    List<IpvsConnection> connections = director.node().ipvs().orElseThrow().connections();
    JsonNode expected = recorded.json.path("ipvs");
    boolean leftover = recorded.says("no destination available");
    assertThat(connections).hasSize(leftover ? 0 : expected.size());
    for (int i = 0; i < connections.size(); i++) {
      IpvsConnection connection = connections.get(i);
      assertThat(row(connection)).isEqualTo(texts(expected.get(i)).subList(1, 5));
      assertThat(connection.expiresInSeconds(0) - expected.get(i).get(5).asLong())
          .isBetween(0L, 1L);
    }
    List<String> tracked = new ArrayList<>();
    director.node().conntrack().stream()
        .flatMap(conntrack -> conntrack.entries().stream())
        .forEach(entry -> tracked.add(ConntrackText.print(entry)));
    assertThat(tracked.stream().map(RecordedChainsTest::plain).sorted().toList())
        .isEqualTo(
            texts(recorded.json.path("conntrack")).stream()
                .map(RecordedChainsTest::plain)
                .sorted()
                .toList());
  }

  private static List<String> row(IpvsConnection connection) {
    return List.of(
        connection.clientAddress() + ":" + connection.clientPort(),
        connection.virtualAddress() + ":" + connection.virtualPort(),
        connection.serverAddress() + ":" + connection.serverPort(),
        connection.stateName());
  }

  /** An entry as the recordings show it: without counters, to ten seconds, a drawn port unnamed. */
  private static String plain(String entry) {
    String plain =
        entry
            .strip()
            .replaceAll("^ipv4 +2 +", "")
            .replaceAll(" (mark|use|packets|bytes)=\\d+", "")
            .replaceAll("\\s+", " ")
            .replaceAll(
                "(sport=(\\d+) .* dst=192.168.2.1 sport=8080 dport=)(?!\\2\\b)\\d+", "$1drawn");
    String[] words = plain.split(" ", 4);
    words[2] = Math.round(Long.parseLong(words[2]) / 10.0) + "0";
    return String.join(" ", words);
  }
}
