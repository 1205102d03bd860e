package dev.packetpath.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.Iterables;
import com.google.common.io.Resources;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.Emission;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketNotation;
import dev.packetpath.node.PacketRequest;
import dev.packetpath.node.PacketResult;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where packets go on a node that kube-proxy programmed. */
final class FlowsTest {
  private static final int DRAWS = 60;
  private static final int FIRST_PORT = 41_000;

  @TestFactory
  Stream<DynamicTest> aNewConnectionGoesWhereItsServiceSays() throws IOException {
    return tests(snapshot(ProxyConfig.builder().build()), flows("flows.txt"));
  }

  @TestFactory
  Stream<DynamicTest> inNftablesModeItGoesThereToo() throws IOException {
    Map<String, String> flows = flows("flows.txt");
    flows.putAll(flows("flows-nftables.txt"));
    return tests(snapshot(ProxyConfig.builder().mode(ProxyMode.NFTABLES).build()), flows);
  }

  private static Map<String, String> flows(String name) throws IOException {
    Map<String, String> flows = new LinkedHashMap<>();
    for (String line : Resources.readLines(Resources.getResource(FlowsTest.class, name), UTF_8)) {
      if (line.contains("=>")) {
        List<String> flow = Splitter.on(" => ").splitToList(line);
        flows.put(flow.get(0), flow.get(1));
      }
    }
    return flows;
  }

  private static Stream<DynamicTest> tests(NodeSnapshot snapshot, Map<String, String> flows) {
    return flows.entrySet().stream()
        .map(
            flow ->
                DynamicTest.dynamicTest(
                    flow.getKey(),
                    () ->
                        assertThat(outcomes(snapshot, flow.getKey())).isEqualTo(flow.getValue())));
  }

  @ParameterizedTest
  @EnumSource(names = {"IPTABLES", "NFTABLES"})
  void aClientStaysWithItsEndpointUntilItWasAwayForTheTimeout(ProxyMode mode) throws IOException {
    Node node = Node.of(snapshot(ProxyConfig.builder().mode(mode).build()));
    String flow = "in=cni0 tcp 10.244.1.99:41000 > 10.96.1.13:80";
    PacketRequest.Given request = (PacketRequest.Given) PacketNotation.parse(flow);
    TreeSet<String> early = new TreeSet<>();
    TreeSet<String> late = new TreeSet<>();
    for (int i = 0; i < DRAWS; i++) {
      early.add(outcome(node, request, i, i * 1_000_000_000L));
    }
    for (int i = 1; i <= DRAWS; i++) {
      late.add(outcome(node, request, DRAWS + i, i * 660_000_000_000L));
    }
    assertThat(early).hasSize(1);
    assertThat(late).hasSize(3);
  }

  private static NodeSnapshot snapshot(ProxyConfig config) throws IOException {
    return NodeProgram.of(FlowCluster.read(), "n1", config).snapshot();
  }

  private static String outcomes(NodeSnapshot snapshot, String flow) {
    Node node = Node.of(snapshot);
    PacketRequest.Given request = (PacketRequest.Given) PacketNotation.parse(flow);
    TreeSet<String> outcomes = new TreeSet<>();
    for (int i = 0; i < DRAWS; i++) {
      outcomes.add(outcome(node, request, i, i * 2_000_000_000L));
    }
    return String.join(" | ", outcomes);
  }

  private static String outcome(
      Node node, PacketRequest.Given request, int connection, long timeNs) {
    Packet packet = request.packet().copy();
    if (IpProtocol.hasPorts(packet.protocol())) {
      packet.ports(FIRST_PORT + connection, packet.destinationPort());
    }
    PacketResult result =
        node.inject(new Injection(request.in().orElseThrow(), packet, OptionalLong.of(timeNs)));
    if (result.emissions().isEmpty()) {
      return result.errno() == Errno.OK ? "drop" : "eperm";
    }
    Emission last = Iterables.getLast(result.emissions());
    Packet out = last.packet();
    if (out.isIcmp()) {
      return "reject to " + last.at();
    }
    String from = out.source().equals(request.packet().source()) ? "" : " from " + out.source();
    return last.at() + " " + out.destination() + ":" + out.destinationPort() + from;
  }
}
