package dev.packetpath.compare.lab;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.compare.lab.Conversation.Opened;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.ipvs.ReuseRule;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.HdrHistogram.Histogram;

/**
 * What clients see that use their ports again while ip_vs still knows the connections before: every
 * packet goes through the models of a node whose kube-proxy runs in IPVS mode. Where a SYN meets a
 * connection in TIME_WAIT and {@code conn_reuse_mode} is 1, ip_vs ends that connection and, since
 * connection tracking knows it too, drops the SYN; the client sends it again after a second, then
 * after twice that.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_core.c (ip_vs_in) and net/ipv4/tcp_timer.c, RFC 6298;
 * kubernetes pull request 71114.
 */
public final class PortReuse {
  private static final String NODE = "node-1";
  private static final String PODS_DEVICE = "cni0";
  private static final int ENDPOINTS = 3;
  private static final int TABLE_BITS = 15;
  private static final double US_PER_MS = 1000;
  private static final int FIRST_PORT = 32_768;
  private static final long FIRST_RETRY_NS = VirtualClock.NS_PER_SECOND;

  private final ClosedLoad load;
  private final Conversation conversation;
  private final PriorityQueue<Client> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Client client) -> client.dueNs)
              .thenComparingInt(client -> client.number));
  private final Histogram connectUs = new Histogram(3);
  private long completed;
  private long dropped;
  private int portsTaken;

  private PortReuse(ClosedLoad load, Conversation conversation) {
    this.load = load;
    this.conversation = conversation;
  }

  /**
   * Runs a load.
   *
   * @param connReuseMode the setting {@code net.ipv4.vs.conn_reuse_mode}
   * @param rule what the kernel does with SYNs that connection tracking knows
   */
  public static PortReuseResult run(ClosedLoad load, int connReuseMode, ReuseRule rule) {
    Cluster cluster = SyntheticCluster.of(SyntheticCluster.Size.of(1, ENDPOINTS), List.of(), 0);
    ProxyConfig config = ProxyConfig.builder().mode(ProxyMode.IPVS).build();
    NodeSnapshot program = NodeProgram.of(cluster, NODE, config).snapshot();
    ImmutableMap<String, String> sysctls =
        ImmutableMap.<String, String>builder()
            .putAll(program.sysctls().asMap())
            .put("net.ipv4.vs.conn_reuse_mode", Integer.toString(connReuseMode))
            .buildKeepingLast();
    Node node =
        Node.builder(program.withSysctls(new Sysctls(sysctls)))
            .ipvsKernel(settings -> settings.withReuseRule(rule).withTableBits(TABLE_BITS))
            .build();
    Service service = cluster.services().get(0);
    Conversation conversation =
        new Conversation(
            node,
            PODS_DEVICE,
            client(cluster, service),
            service.clusterIps().get(0),
            SyntheticCluster.PORT);
    return new PortReuse(load, conversation).result();
  }

  private static IpAddress client(Cluster cluster, Service service) {
    return cluster.pods().stream()
        .filter(pod -> pod.node().equals(NODE) && !isBehind(service, pod))
        .findFirst()
        .orElseThrow()
        .addresses()
        .get(0);
  }

  private static boolean isBehind(Service service, Pod pod) {
    return service.ports().get(0).endpoints().stream()
        .anyMatch(endpoint -> pod.addresses().contains(endpoint.address()));
  }

  private PortReuseResult result() {
    for (int number = 0; number < load.clients(); number++) {
      Client client = new Client(number);
      client.begin(0);
      queue.add(client);
    }
    while (queue.element().dueNs < load.durationNs()) {
      Client client = queue.remove();
      client.act();
      queue.add(client);
    }
    return new PortReuseResult(
        completed,
        completed / (load.durationNs() / (double) VirtualClock.NS_PER_SECOND),
        dropped,
        new PortReuseResult.ConnectTime(
            connectUs.getMean() / US_PER_MS,
            connectUs.getStdDeviation() / US_PER_MS,
            connectUs.getValueAtPercentile(50) / US_PER_MS,
            connectUs.getMaxValue() / US_PER_MS));
  }

  private int nextPort() {
    return FIRST_PORT + portsTaken++ % load.ports();
  }

  /** One of the clients: it waits for its connection, or for the answer. */
  private final class Client {
    private final int number;
    private long dueNs;
    private long begunNs;
    private long retryNs;
    private int port;
    private int sequence;
    private List<Opened> opened = List.of();

    Client(int number) {
      this.number = number;
    }

    void begin(long nowNs) {
      port = nextPort();
      sequence = conversation.newSequence();
      dueNs = nowNs;
      begunNs = nowNs;
      retryNs = FIRST_RETRY_NS;
      opened = List.of();
    }

    void act() {
      if (opened.isEmpty()) {
        connect();
      } else {
        conversation.close(opened.get(0), dueNs);
        completed++;
        connectUs.recordValue((dueNs - load.answerNs() - begunNs) / 1000);
        begin(dueNs);
      }
    }

    private void connect() {
      opened = conversation.open(port, sequence, dueNs);
      if (opened.isEmpty()) {
        dropped++;
        dueNs += retryNs;
        retryNs *= 2;
      } else {
        conversation.serve(opened.get(0), dueNs);
        dueNs += load.answerNs();
      }
    }
  }
}
