package dev.packetpath.bench;

import static com.google.common.base.Preconditions.checkState;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.PacketSink;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A node with kube-proxy's rules and all pods behind one device. Belongs to one thread. */
final class ServiceNode {
  private static final Device PODS = Device.ethernet("cni0", 2);
  private static final IpAddress CLIENT = IpAddress.parse("10.255.0.2");
  private static final int FIRST_PORT = 1024;
  private static final int PORTS = 60_000;

  private final Node node;
  private final LastPacket last = new LastPacket();

  ServiceNode(Ruleset rules) {
    this.node = Node.of(snapshot(rules));
    node.host().sink(last);
  }

  /** Returns the text of the rules. */
  static String text(KubeProxyRules rules) {
    StringWriter text = new StringWriter();
    try {
      rules.write(text);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  /** Returns the rules that a text holds. */
  static Ruleset parse(String text) {
    try {
      return RestoreParser.parse("rules", IpFamily.IPV4, new StringReader(text));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Returns a node with these rules. */
  static NodeSnapshot snapshot(Ruleset rules) {
    ConfiguredNetwork network =
        ConfiguredNetwork.builder()
            .device(Device.lo())
            .device(PODS)
            .addressWithRoutes(DeviceAddress.of(PODS, "10.128.0.1/9"))
            .build();
    return NodeSnapshot.builder().ruleset(rules).network(network).build();
  }

  /** Sends the first packet of a connection of a pod to a service; returns it as it came out. */
  Packet open(int service, int connection) {
    return through(toService(service, connection).tcpFlags(TcpFlags.SYN));
  }

  /** Opens a connection of a pod to a service and returns its next packet. */
  Packet establish(int service, int connection) {
    Packet opened = open(service, connection);
    Packet answer =
        segment(opened.destination(), opened.source())
            .ports(opened.destinationPort(), opened.sourcePort())
            .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
    through(answer);
    return toService(service, connection).tcpFlags(TcpFlags.ACK);
  }

  private static Packet toService(int service, int connection) {
    return segment(CLIENT, IpAddress.parse(KubeProxyRules.clusterIp(service)))
        .ports(FIRST_PORT + connection % PORTS, KubeProxyRules.PORT);
  }

  private static Packet segment(IpAddress source, IpAddress destination) {
    return new Packet().addresses(source, destination).protocol(IpProtocol.TCP).ttl(64);
  }

  /**
   * Sends a packet through the node and returns it as it came out.
   *
   * @throws IllegalStateException if it did not
   */
  Packet through(Packet packet) {
    last.emitted = null;
    node.host().receive(packet, PODS);
    Packet emitted = last.emitted;
    checkState(emitted != null, "%s did not leave the node", packet);
    return emitted;
  }

  /** Lets virtual time pass. */
  void advance(long ns) {
    VirtualClock clock = node.host().clock();
    clock.advanceTo(clock.nowNs() + ns);
  }

  /** Returns the number of rules evaluated so far. */
  long rulesEvaluated() {
    return node.iptables(IpFamily.IPV4).orElseThrow().tables().stream()
        .mapToLong(table -> table.rulesEvaluated())
        .sum();
  }

  /** Keeps the packet that came out. */
  private static final class LastPacket implements PacketSink {
    private @Nullable Packet emitted;

    @Override
    public void emitted(Device out, Packet packet) {
      emitted = packet;
    }

    @Override
    public void delivered(Packet packet) {}
  }
}
