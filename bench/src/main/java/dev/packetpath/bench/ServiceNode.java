package dev.packetpath.bench;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.PacketSink;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.Walk;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/** A node with kube-proxy's rules and all pods behind one device. Belongs to one thread. */
final class ServiceNode {
  /** The device behind which all pods are. */
  static final Device PODS = Device.ethernet("cni0", 2);

  /** As in the network namespace where new_connections.py measures the kernel. */
  private static final Sysctls SETTINGS =
      NodeSnapshot.ASSUMED_SYSCTLS
          .with("net.ipv4.conf.all.send_redirects", "0")
          .with("net.ipv4.conf.cni0.send_redirects", "0")
          .with("net.ipv4.conf.all.rp_filter", "0")
          .with("net.ipv4.conf.cni0.rp_filter", "0")
          .with("net.netfilter.nf_conntrack_acct", "0");

  /** How many endpoints each service has. */
  static final int ENDPOINTS = 10;

  /**
   * How many connections are opened before they are all forgotten: as many as the kernel is sent
   * for one system call.
   */
  static final int BATCH = 8_192;

  /** How many packets of a burst come together: a quarter of what the kernel polls for at once. */
  static final int BURST = 16;

  /** About the time that the kernel needs for one at 10,000 services. */
  private static final long BETWEEN_OPENINGS_NS = 30_000;

  private static final int PODS_OF_A_NODE = 250;
  private static final IpPrefix POD_CIDR = IpPrefix.parse("10.128.0.0/9");

  /** Where {@link SyntheticCluster} has its first service. */
  private static final long FIRST_SERVICE = IpAddress.parse("10.96.0.1").low();

  private static final long CLIENTS = IpAddress.parse("10.255.0.2").low();
  private static final int MAX_CLIENTS = 4_096;
  private static final int FIRST_PORT = 1024;
  private static final int PORTS = 1 << 15;

  private final Node node;
  private final LoadedTable[] tables;
  private final Counter out = new Counter();
  private final Packet packet = new Packet();
  private final List<Packet> burst = Stream.generate(Packet::new).limit(BURST).toList();

  /** How many connections batches have opened. */
  private int opened;

  /**
   * Creates a node.
   *
   * @param walker who walks the tables
   */
  ServiceNode(Ruleset rules, Walk walker) {
    this.node = Node.builder(snapshot(rules)).walk(walker).build();
    node.host().sink(out);
    this.tables = node.iptables(IpFamily.IPV4).orElseThrow().tables().toArray(LoadedTable[]::new);
  }

  /** Returns a cluster of so many services, each with {@link #ENDPOINTS}. */
  static Cluster cluster(int services) {
    SyntheticCluster.Size size = new SyntheticCluster.Size(services, ENDPOINTS, PODS_OF_A_NODE);
    return SyntheticCluster.of(size, List.of(POD_CIDR), 1);
  }

  /** Returns what kube-proxy programs on a node of such a cluster, as iptables-save prints it. */
  static String text(int services) {
    Cluster cluster = cluster(services);
    String node = cluster.nodes().get(0).name();
    try {
      return NodeProgram.of(cluster, node, ProxyConfig.builder().build())
          .text("iptables-save.txt")
          .read();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Returns the rules of so many services. */
  static Ruleset rules(int services) {
    return parse(text(services));
  }

  /** Returns how many rules there are in all tables. */
  static int ruleCount(Ruleset rules) {
    return rules.tables().stream().mapToInt(Table::ruleCount).sum();
  }

  /** Returns the address of a service, counted from 0. */
  static IpAddress clusterIp(int service) {
    return IpAddress.ipv4((int) clusterIpLow(service));
  }

  private static long clusterIpLow(int service) {
    return FIRST_SERVICE + service;
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
    return NodeSnapshot.builder().ruleset(rules).network(network).sysctls(SETTINGS).build();
  }

  /**
   * Sends the first packet of a connection of a pod to a service; returns how many packets came out
   * so far.
   */
  long open(int service, int connection) {
    return through(opening(toService(service, connection)));
  }

  /**
   * Opens {@link #BATCH} connections, none of which a batch before opened; returns how many packets
   * came out so far.
   *
   * @param services the services, over and over again; a power of two of them
   */
  long openBatch(int[] services) {
    long sent = 0;
    for (int end = opened + BATCH; opened < end; opened++) {
      advance(BETWEEN_OPENINGS_NS);
      sent = open(services[opened & services.length - 1], opened);
    }
    return sent;
  }

  /** Opens as many connections, whose packets come in bursts of {@value #BURST}. */
  long openBatchInBursts(int[] services) {
    for (int end = opened + BATCH; opened < end; ) {
      for (Packet syn : burst) {
        opening(request(syn, services[opened & services.length - 1], opened));
        opened++;
      }
      advance(BURST * BETWEEN_OPENINGS_NS);
      node.host().receive(burst, PODS);
    }
    return out.count;
  }

  /** Forgets all connections. */
  void forgetConnections() {
    node.conntrack().orElseThrow().flush();
  }

  /** Opens a connection of a pod to a service up to the end of its handshake. */
  void establish(int service, int connection) {
    open(service, connection);
    long pod = packet.destinationLow();
    fresh(packet)
        .source(0, pod)
        .destination(0, CLIENTS + connection / PORTS)
        .ports(SyntheticCluster.TARGET_PORT, FIRST_PORT + connection % PORTS)
        .tcpSequence(0)
        .tcpAcknowledgment(1)
        .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
    through(packet);
    acknowledge(service, connection);
  }

  /** Sends a packet of an established connection; returns how many packets came out so far. */
  long acknowledge(int service, int connection) {
    return through(ofEstablished(toService(service, connection)));
  }

  /**
   * Sends a burst of packets of established connections; returns how many packets came out so far.
   *
   * @param flows the connections, over and over again; a power of two of them
   * @param services the service of each of these connections
   * @param from the first of the {@value #BURST} that send
   */
  long acknowledgeBurst(int[] flows, int[] services, int from) {
    for (int i = 0; i < BURST; i++) {
      int at = from + i & flows.length - 1;
      ofEstablished(request(burst.get(i), services[at], flows[at]));
    }
    node.host().receive(burst, PODS);
    return out.count;
  }

  @CanIgnoreReturnValue
  private static Packet opening(Packet packet) {
    return packet.tcpFlags(TcpFlags.SYN).tcpSequence(0).tcpAcknowledgment(0);
  }

  @CanIgnoreReturnValue
  private static Packet ofEstablished(Packet packet) {
    return packet.tcpFlags(TcpFlags.ACK).tcpSequence(1).tcpAcknowledgment(1);
  }

  private Packet toService(int service, int connection) {
    return request(packet, service, connection);
  }

  /** Makes a packet one of a pod to a service that has just come. */
  @CanIgnoreReturnValue
  static Packet request(Packet packet, int service, int connection) {
    return fresh(packet)
        .source(0, CLIENTS + connection / PORTS % MAX_CLIENTS)
        .destination(0, clusterIpLow(service))
        .ports(FIRST_PORT + connection % PORTS, SyntheticCluster.PORT);
  }

  private static Packet fresh(Packet packet) {
    packet.clearAttachments();
    return packet.ttl(64).mark(0);
  }

  private long through(Packet sent) {
    node.host().receive(sent, PODS);
    return out.count;
  }

  /** Lets virtual time pass. */
  void advance(long ns) {
    VirtualClock clock = node.host().clock();
    clock.advanceTo(clock.nowNs() + ns);
  }

  /** Returns the number of rules evaluated so far. */
  long rulesEvaluated() {
    long evaluated = 0;
    for (LoadedTable table : tables) {
      evaluated += table.rulesEvaluated();
    }
    return evaluated;
  }

  /** Returns the packet that came out last. */
  Packet last() {
    return packet;
  }

  /** Counts the packets that come out. */
  private static final class Counter implements PacketSink {
    private long count;

    @Override
    public void emitted(Device out, Packet packet) {
      count++;
    }

    @Override
    public void delivered(Packet packet) {}
  }
}
