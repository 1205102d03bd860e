package dev.packetpath.cli.calibrate;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.CharSource;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.node.NodeFile;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.node.Emission;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketResult;
import dev.packetpath.node.SnapshotReader;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;

/**
 * What the models count while connect() waits: the three packets of TCP's handshake from a Pod
 * through its node, the first of a connection and two later ones.
 *
 * @param work how often each operation runs in the mean, by name
 */
record ConnectionWork(ImmutableMap<String, Double> work) {
  private static final String CLIENT_DEVICE = "cni0";
  private static final IpAddress CLIENT = IpAddress.parse("10.128.0.250");
  private static final IpAddress POD = IpAddress.parse("10.128.1.9");
  private static final int FEW_SERVICES = 10;
  private static final int CONNECTIONS = 10;
  private static final int FIRST_PORT = 20_000;
  private static final String RULES = "iptables-save.txt";

  /** Returns that of connections to Pods through a rule set; empty for none. */
  static ConnectionWork through(String ruleset) throws IOException {
    Map<String, CharSource> texts = new HashMap<>();
    for (NodeFile file : ServiceConnections.program(KubeVersion.CURRENT, FEW_SERVICES).files()) {
      StringWriter text = new StringWriter();
      file.content().writeTo(text);
      texts.put(file.name(), CharSource.wrap(text.toString()));
    }
    texts.remove(RULES);
    if (!ruleset.isEmpty()) {
      texts.put(RULES, CharSource.wrap(ruleset));
    }
    return of(SnapshotReader.read(texts));
  }

  private static ConnectionWork of(NodeSnapshot snapshot) {
    Node node = Node.builder(snapshot).decisions(new SeededDecisions(1)).build();
    Map<String, Double> sum = new HashMap<>();
    for (int number = 0; number < CONNECTIONS; number++) {
      Packet syn =
          new Packet()
              .addresses(CLIENT, POD)
              .ports(FIRST_PORT + number, SyntheticCluster.TARGET_PORT)
              .tcpFlags(TcpFlags.SYN);
      Emission out = passed(node.inject(Injection.on(CLIENT_DEVICE, syn)), sum);
      Packet answer =
          new Packet()
              .addresses(out.packet().destination(), out.packet().source())
              .ports(out.packet().destinationPort(), out.packet().sourcePort())
              .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
      passed(node.inject(Injection.on(out.at(), answer)), sum);
      Packet ack =
          new Packet()
              .addresses(CLIENT, POD)
              .ports(FIRST_PORT + number, SyntheticCluster.TARGET_PORT)
              .tcpFlags(TcpFlags.ACK);
      passed(node.inject(Injection.on(CLIENT_DEVICE, ack)), sum);
    }
    sum.replaceAll((operation, times) -> times / CONNECTIONS);
    return new ConnectionWork(ImmutableMap.copyOf(sum));
  }

  private static Emission passed(PacketResult result, Map<String, Double> sum) {
    result.work().forEach((operation, times) -> sum.merge(operation, (double) times, Double::sum));
    checkState(result.emissions().size() == 1, "a packet of ours did not pass: %s", result);
    return result.emissions().get(0);
  }
}
