package dev.packetpath.examples.ipvs;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.syntax.ReadMode;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.ipvs.IpvsEvent;
import dev.packetpath.ipvs.syntax.IpvsadmReader;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketResult;
import dev.packetpath.node.SnapshotReader;
import dev.packetpath.node.trace.HookStep;
import dev.packetpath.node.trace.PacketPath;
import dev.packetpath.node.trace.PathReader;
import dev.packetpath.node.trace.PathSummary;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;

/**
 * The same packet of a client to the same service, on one node: once through kube-proxy's iptables
 * rules, once through its rules for IPVS and ip_vs itself. With iptables the packet is forwarded;
 * with IPVS it goes through INPUT and OUTPUT.
 */
public final class SideBySide {
  private static final String FILTER =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      COMMIT
      """;

  private static final String IPTABLES =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      :KUBE-SERVICES - [0:0]
      :KUBE-SVC-WEB - [0:0]
      :KUBE-SEP-1 - [0:0]
      :KUBE-SEP-2 - [0:0]
      -A PREROUTING -j KUBE-SERVICES
      -A KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-WEB
      -A KUBE-SVC-WEB -m statistic --mode random --probability 0.5 -j KUBE-SEP-1
      -A KUBE-SVC-WEB -j KUBE-SEP-2
      -A KUBE-SEP-1 -p tcp -m tcp -j DNAT --to-destination 10.244.1.11:8080
      -A KUBE-SEP-2 -p tcp -m tcp -j DNAT --to-destination 10.244.1.12:8080
      COMMIT
      """;

  private static final String IPVS_RULES =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      :KUBE-SERVICES - [0:0]
      :KUBE-POSTROUTING - [0:0]
      -A PREROUTING -j KUBE-SERVICES
      -A POSTROUTING -j KUBE-POSTROUTING
      -A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT
      -A KUBE-POSTROUTING -m set --match-set KUBE-LOOP-BACK dst,dst,src -j MASQUERADE
      COMMIT
      """;

  private static final String SETS =
      """
      create KUBE-CLUSTER-IP hash:ip,port
      add KUBE-CLUSTER-IP 10.96.0.20,tcp:80
      create KUBE-LOOP-BACK hash:ip,port,ip
      add KUBE-LOOP-BACK 10.244.1.11,tcp:8080,10.244.1.11
      add KUBE-LOOP-BACK 10.244.1.12,tcp:8080,10.244.1.12
      """;

  private static final String SERVICES =
      """
      -A -t 10.96.0.20:80 -s rr
      -a -t 10.96.0.20:80 -r 10.244.1.11:8080 -m -w 1
      -a -t 10.96.0.20:80 -r 10.244.1.12:8080 -m -w 1
      """;

  private SideBySide() {}

  /**
   * Runs the example.
   *
   * @throws IOException never: the texts are constants
   */
  public static void main(String[] args) throws IOException {
    run(System.out);
  }

  static void run(PrintStream out) throws IOException {
    Node iptables = Node.of(snapshot(FILTER + IPTABLES).build());
    Node ipvs =
        Node.of(
            snapshot(FILTER + IPVS_RULES)
                .sets(SnapshotReader.readSets("sets", new StringReader(SETS)))
                .virtualServices(IpvsadmReader.read("services", new StringReader(SERVICES)))
                .build());
    out.println("kube-proxy in mode iptables:");
    show(iptables, out);
    out.println();
    out.println("kube-proxy in mode ipvs:");
    show(ipvs, out);
  }

  /** A node with clients on eth0, pods on cni0, and the service's address on kube-ipvs0. */
  private static NodeSnapshot.Builder snapshot(String rules) throws IOException {
    Device eth0 = Device.ethernet("eth0", 2);
    Device cni0 = Device.ethernet("cni0", 3);
    Device dummy = Device.ethernet("kube-ipvs0", 4);
    ConfiguredNetwork.Builder network =
        ConfiguredNetwork.builder()
            .device(Device.lo())
            .device(eth0)
            .device(cni0)
            .addressWithRoutes(DeviceAddress.of(Device.lo(), "127.0.0.1/8"))
            .addressWithRoutes(DeviceAddress.of(eth0, "192.168.1.10/24"))
            .addressWithRoutes(DeviceAddress.of(cni0, "10.244.1.1/24"))
            .route(
                RouteEntry.unicast(
                    IpPrefix.parse("0.0.0.0/0"), eth0, IpAddress.parse("192.168.1.1")));
    if (rules.contains("KUBE-CLUSTER-IP")) {
      network.device(dummy).addressWithRoutes(DeviceAddress.of(dummy, "10.96.0.20/32"));
    }
    ImmutableMap<String, String> settings =
        ImmutableMap.<String, String>builder()
            .putAll(NodeSnapshot.ASSUMED_SYSCTLS.asMap())
            .put("net.ipv4.vs.conntrack", "1")
            .buildOrThrow();
    return NodeSnapshot.builder()
        .network(network.build())
        .sysctls(new Sysctls(settings))
        .ruleset(
            new RestoreParser("rules", IpFamily.IPV4, ReadMode.STRICT)
                .read(new StringReader(rules)));
  }

  private static void show(Node node, PrintStream out) {
    node.host().trace().keep(true);
    PacketResult first = show(node, "SYN", packet(TcpFlags.SYN), out);
    Packet sent = first.emissions().get(0).packet();
    Packet answer =
        new Packet()
            .addresses(sent.destination(), sent.source())
            .ports(sent.destinationPort(), sent.sourcePort())
            .tcpAcknowledgment(1)
            .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
    show(node, "cni0", "SYN/ACK", answer, out);
    show(node, "ACK", packet(TcpFlags.ACK).tcpSequence(1).tcpAcknowledgment(1), out);
  }

  @CanIgnoreReturnValue
  private static PacketResult show(Node node, String name, Packet packet, PrintStream out) {
    return show(node, "eth0", name, packet, out);
  }

  private static Packet packet(int flags) {
    return new Packet()
        .addresses(IpAddress.parse("192.168.1.77"), IpAddress.parse("10.96.0.20"))
        .ports(40_000, 80)
        .tcpFlags(flags);
  }

  @CanIgnoreReturnValue
  private static PacketResult show(
      Node node, String at, String name, Packet packet, PrintStream out) {
    PacketResult result = node.inject(Injection.on(at, packet));
    PacketPath path = PathReader.read(result.events()).get(0);
    out.println("  " + name + ": " + PathSummary.of(path));
    for (PacketPath.Stage stage : path.stages()) {
      if (stage instanceof PacketPath.Stage.AtHook hook) {
        out.println("    " + hook.entered().hook() + functions(hook));
      }
    }
    out.println("    " + result.totalRulesTraversed() + " rules evaluated");
    return result;
  }

  private static String functions(PacketPath.Stage.AtHook hook) {
    StringBuilder text = new StringBuilder();
    for (HookStep step : hook.steps()) {
      if (step instanceof HookStep.TableWalk walk) {
        text.append(' ').append(walk.table().text());
      } else if (step instanceof HookStep.Other other
          && other.event() instanceof IpvsEvent.Forwarded forwarded) {
        text.append(" ip_vs:").append(forwarded.server());
      }
    }
    return text.toString();
  }
}
