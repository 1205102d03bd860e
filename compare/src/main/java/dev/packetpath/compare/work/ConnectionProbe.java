package dev.packetpath.compare.work;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.iptables.TableName;
import dev.packetpath.node.Emission;
import dev.packetpath.node.FollowUp;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketChanges;
import dev.packetpath.node.PacketResult;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Opens connections from a Pod through a running node and tallies the work of their packets. Every
 * random choice on the way of the first packet is followed. Belongs to one thread.
 */
final class ConnectionProbe {
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 40_000;

  /** So that each connection finds empty tables, without that time runs out. */
  private static final String SHORT_LIFE = "60";

  private static final String LONGEST_LIFE = "net.netfilter.nf_conntrack_tcp_timeout_established";

  /** More than IPVS keeps a silent connection, 15 minutes. */
  private static final long FORGOTTEN_NS = 1_000L * VirtualClock.NS_PER_SECOND;

  private final ScriptedDecisions decisions = new ScriptedDecisions();
  private final Node node;
  private final IpAddress client;
  private final ImmutableList<String> serviceChains;
  private int opened;

  /**
   * One way that a connection takes.
   *
   * @param probability how likely it is
   * @param passes whether its first packet left the node or reached the proxy's process
   * @param server where its first packet went; the Service itself if it does not pass
   * @param opening the work of the first packet, and, where a process makes another connection, of
   *     that one's first packet
   * @param serviceChain rules of the chain of all Services that the first packet meets
   * @param handshake the work of the SYN-ACK and of its ACK
   * @param sent the work of a later packet of the client
   * @param received the work of a later packet of the server
   */
  record Way(
      double probability,
      boolean passes,
      Destination server,
      ImmutableSortedMap<String, Double> opening,
      long serviceChain,
      ImmutableSortedMap<String, Double> handshake,
      ImmutableSortedMap<String, Double> sent,
      ImmutableSortedMap<String, Double> received) {
    /** Returns how many rules the first packet meets. */
    double rules() {
      return PathWork.rules(opening);
    }
  }

  /** Takes what the ways are. */
  @FunctionalInterface
  interface WaySink {
    void take(Way way);
  }

  ConnectionProbe(NodeSnapshot snapshot, IpAddress client) {
    NodeSnapshot forgetful =
        snapshot.withSysctls(snapshot.sysctls().with(LONGEST_LIFE, SHORT_LIFE));
    this.node = Node.builder(forgetful).decisions(decisions).build();
    this.client = client;
    this.serviceChains =
        ServiceChains.of(snapshot, client.family())
            .map(Chain::name)
            .collect(ImmutableList.toImmutableList());
  }

  /**
   * Follows all ways of a TCP connection.
   *
   * @param to the address of a Service
   * @param port its port
   * @param server where a proxy's process connects to, if it is one that gets the connection
   */
  void connect(IpAddress to, int port, Optional<Packet> server, WaySink ways) {
    decisions.reset();
    do {
      ways.take(way(to, port, server));
    } while (decisions.next());
  }

  private Way way(IpAddress to, int port, Optional<Packet> server) {
    Packet syn = syn(client, to, port);
    String device = deviceOf(client);
    long chainBefore = serviceChain();
    node.host().clock().advanceTo(node.host().clock().nowNs() + FORGOTTEN_NS);
    PacketResult first = node.inject(Injection.on(device, syn.copy()));
    long chain = serviceChain() - chainBefore;
    double probability = decisions.probability();
    WorkSum opening = new WorkSum().add(first.work(), 1);
    if (first.emissions().size() != 1 || first.emissions().get(0).packet().isIcmp()) {
      return failed(probability, new Destination(to, port), opening, chain);
    }
    Emission out = first.emissions().get(0);
    WorkSum handshake = new WorkSum();
    WorkSum sent = new WorkSum();
    WorkSum received = new WorkSum();
    converse(device, syn, out, handshake, sent, received);
    if (out.at().equals(Emission.LOCAL) && server.isPresent()) {
      Packet onward = syn(client, server.get().destination(), 0);
      onward.addresses(server.get().source(), server.get().destination());
      onward.ports(nextPort(), server.get().destinationPort());
      PacketResult second = node.inject(Injection.local(onward.copy()));
      opening.add(second.work(), 1);
      if (second.emissions().size() != 1) {
        return failed(probability, new Destination(to, port), opening, chain);
      }
      Emission leaving = second.emissions().get(0);
      converse(Injection.LOCAL, onward, leaving, handshake, sent, received);
    }
    return new Way(
        probability,
        true,
        new Destination(out.packet().destination(), out.packet().destinationPort()),
        opening.result(),
        chain,
        handshake.result(),
        sent.result(),
        received.result());
  }

  private static Way failed(double probability, Destination service, WorkSum opening, long chain) {
    ImmutableSortedMap<String, Double> none = ImmutableSortedMap.of();
    return new Way(probability, false, service, opening.result(), chain, none, none, none);
  }

  /** Answers a SYN, and exchanges packets of the open connection. */
  private void converse(
      String at, Packet syn, Emission out, WorkSum handshake, WorkSum sent, WorkSum received) {
    Packet ack = FollowUp.again(syn, true, PacketChanges.NONE);
    Packet reply = FollowUp.reply(out.packet(), PacketChanges.NONE).orElseThrow();
    Packet later = reply.copy().tcpFlags(TcpFlags.ACK);
    handshake.add(work(out.at(), reply), 1);
    handshake.add(work(at, ack.copy()), 1);
    received.add(work(out.at(), later), 1);
    sent.add(work(at, ack), 1);
  }

  private Map<String, Long> work(String at, Packet packet) {
    return node.inject(Injection.on(at, packet)).work();
  }

  private Packet syn(IpAddress from, IpAddress to, int port) {
    return new Packet()
        .addresses(from, to)
        .protocol(IpProtocol.TCP)
        .ports(nextPort(), port)
        .tcpFlags(TcpFlags.SYN);
  }

  private int nextPort() {
    return FIRST_PORT + opened++ % PORTS;
  }

  private String deviceOf(IpAddress address) {
    Packet back = new Packet().addresses(address, address);
    Route route = node.host().network().route(back, Device.NONE);
    return route.isLocal() ? Injection.LOCAL : route.device().name();
  }

  private long serviceChain() {
    return node.iptables(client.family())
        .flatMap(tables -> tables.table(TableName.NAT))
        .map(nat -> serviceChains.stream().mapToLong(chain -> evaluated(nat, chain)).sum())
        .orElse(0L);
  }

  private static long evaluated(LoadedTable nat, String chain) {
    return Arrays.stream(nat.evaluated(chain)).sum();
  }
}
