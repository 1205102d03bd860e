package dev.packetpath.compare.claims;

import dev.packetpath.compare.Sweep;
import dev.packetpath.compare.work.ClientCluster;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import java.util.Arrays;

/** The client's node with the article's rules on it, run packet by packet. */
final class Programs {
  static final IpAddress NODE_ADDRESS = IpAddress.parse("192.168.0.2");
  static final IpAddress FIRST_SERVICE = IpAddress.parse("10.96.0.1");

  private Programs() {}

  static Node node(ProxyMode mode, int services) {
    ProxyConfig config =
        ProxyConfig.builder().mode(mode).version(Sweep.TWO_RULES_A_SERVICE).build();
    NodeSnapshot snapshot =
        NodeProgram.of(ClientCluster.of(services, ArticleRun.ENDPOINTS), ClientCluster.NODE, config)
            .snapshot();
    return Node.builder(snapshot).decisions(new SeededDecisions(7)).build();
  }

  static Packet syn(IpAddress from, int port) {
    return new Packet()
        .addresses(from, FIRST_SERVICE)
        .protocol(IpProtocol.TCP)
        .ports(port, ClientCluster.PORT)
        .tcpFlags(TcpFlags.SYN);
  }

  /** Returns how a packet comes from the client's Pod. */
  static Injection fromPod(Node node, Packet packet) {
    Packet back = new Packet().addresses(ClientCluster.CLIENT, ClientCluster.CLIENT);
    return Injection.on(node.host().network().route(back, Device.NONE).device().name(), packet);
  }

  /** Returns how many rules of a chain were evaluated so far. */
  static long evaluated(Node node, TableName table, String chain) {
    LoadedTable loaded = table(node, table);
    return Arrays.stream(loaded.evaluated(chain)).sum();
  }

  static LoadedTable table(Node node, TableName table) {
    return node.iptables(IpFamily.IPV4).orElseThrow().table(table).orElseThrow();
  }
}
