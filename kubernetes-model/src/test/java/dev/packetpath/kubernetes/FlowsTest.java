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
import dev.packetpath.node.Emission;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketNotation;
import dev.packetpath.node.PacketRequest;
import dev.packetpath.node.PacketResult;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Where packets go on a node that kube-proxy programmed. */
final class FlowsTest {
  private static final int DRAWS = 60;
  private static final int FIRST_PORT = 41_000;

  @TestFactory
  Stream<DynamicTest> aNewConnectionGoesWhereItsServiceSays() throws IOException {
    NodeSnapshot snapshot = snapshot(ProxyConfig.builder().build());
    return Resources.readLines(Resources.getResource(FlowsTest.class, "flows.txt"), UTF_8).stream()
        .filter(line -> line.contains("=>"))
        .map(
            line -> {
              List<String> flow = Splitter.on(" => ").splitToList(line);
              return DynamicTest.dynamicTest(
                  flow.get(0),
                  () -> assertThat(outcomes(snapshot, flow.get(0))).isEqualTo(flow.get(1)));
            });
  }

  @Test
  void aClientStaysWithItsEndpointUntilItWasAwayForTheTimeout() throws IOException {
    Node node = Node.of(snapshot(ProxyConfig.builder().build()));
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
