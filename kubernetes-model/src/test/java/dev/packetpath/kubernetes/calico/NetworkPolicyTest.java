package dev.packetpath.kubernetes.calico;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.manifest.ClusterManifests;
import dev.packetpath.kubernetes.manifest.ClusterSettings;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What Calico lets pass where NetworkPolicies of policies.yaml say so. */
final class NetworkPolicyTest {
  private static Cluster cluster() throws IOException {
    ClusterManifests manifests = new ClusterManifests();
    try (Reader text =
        Resources.asCharSource(
                Resources.getResource(NetworkPolicyTest.class, "policies.yaml"), UTF_8)
            .openStream()) {
      manifests.read("policies.yaml", text);
    }
    return manifests.cluster(ClusterSettings.usual());
  }

  @TestFactory
  Stream<DynamicTest> aConnectionPassesWhereThePoliciesOfBothItsPodsAllowIt() throws IOException {
    Cluster cluster = cluster();
    PolicyNode node = new PolicyNode(cluster);
    return Resources.readLines(
            Resources.getResource(NetworkPolicyTest.class, "policy-flows.txt"), UTF_8)
        .stream()
        .filter(line -> line.contains("=>") && !line.startsWith("#"))
        .map(line -> DynamicTest.dynamicTest(line, () -> check(cluster, node, line)));
  }

  private static void check(Cluster cluster, PolicyNode node, String line) {
    List<String> words = Splitter.on(' ').splitToList(line);
    ServiceProtocol protocol = ServiceProtocol.valueOf(words.get(3).toUpperCase(Locale.ROOT));
    int port = Integer.parseInt(words.get(4));
    boolean passes = words.get(6).equals("passes");
    int flows = 0;
    for (IpAddress from : addresses(cluster, words.get(0))) {
      for (IpAddress to : addresses(cluster, words.get(2))) {
        if (from.family() == to.family()) {
          flows++;
          assertThat(node.passes(from, to, protocol, port))
              .as("%s > %s", from, to)
              .isEqualTo(passes);
        }
      }
    }
    assertThat(flows).isPositive();
  }

  private static ImmutableList<IpAddress> addresses(Cluster cluster, String text) {
    return cluster.pods().stream()
        .filter(pod -> text.equals(pod.namespace() + "/" + pod.name()))
        .map(Pod::addresses)
        .findFirst()
        .orElseGet(() -> ImmutableList.of(IpAddress.parse(text)));
  }

  @Test
  void answersPassWhereverTheConnectionDid() throws IOException {
    Node node = new PolicyNode(cluster()).node();
    IpAddress front = IpAddress.parse("10.244.2.10");
    IpAddress web = IpAddress.parse("10.244.1.10");
    Packet syn = new Packet().addresses(front, web).ports(40_000, 8080).tcpFlags(TcpFlags.SYN);
    assertThat(node.inject(Injection.on("eth0", syn)).emissions()).hasSize(1);
    Packet answer =
        new Packet()
            .addresses(web, front)
            .ports(8080, 40_000)
            .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
    String device = PolicyNode.local(cluster(), web).map(CalicoNames::device).orElseThrow();
    assertThat(node.inject(Injection.on(device, answer)).emissions()).hasSize(1);
  }

  @Test
  void theNodeItselfReachesItsPods() throws IOException {
    Packet syn =
        new Packet()
            .addresses(IpAddress.parse("192.168.0.2"), IpAddress.parse("10.244.1.11"))
            .ports(40_000, 1)
            .tcpFlags(TcpFlags.SYN);
    assertThat(new PolicyNode(cluster()).node().inject(Injection.local(syn)).emissions())
        .hasSize(1);
  }
}
