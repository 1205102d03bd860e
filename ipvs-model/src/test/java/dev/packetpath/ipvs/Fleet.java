package dev.packetpath.ipvs;

import dev.packetpath.core.Operation;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.List;

/** One TCP service with numbered servers, and clients that connect to it. */
final class Fleet {
  static final IpAddress VIRTUAL = IpAddress.parse("10.96.0.1");
  static final ServiceKey KEY = new ServiceKey.Virtual(IpProtocol.TCP, VIRTUAL, 80);

  final VirtualClock clock = new VirtualClock();
  final Work work = new Work();
  final SeededDecisions decisions;
  final Ipvs ipvs;
  private long packets;

  Fleet(ServiceSpec service, IpvsSettings settings, long seed) {
    decisions = new SeededDecisions(seed);
    ipvs = new Ipvs(settings, clock, decisions, work);
    ipvs.add(service);
  }

  static Fleet of(String scheduler, int... weights) {
    Fleet fleet =
        new Fleet(ServiceSpec.builder(KEY).scheduler(scheduler).build(), IpvsSettings.DEFAULTS, 1);
    for (int i = 0; i < weights.length; i++) {
      fleet.add(i, weights[i]);
    }
    return fleet;
  }

  static IpAddress server(int number) {
    return IpAddress.ipv4(0x0AF4_0000 + number + 1);
  }

  static ServerSpec.Builder spec(int number) {
    return ServerSpec.builder(server(number), 8080);
  }

  void add(int number, int weight) {
    ipvs.addServer(KEY, spec(number).weight(weight).build());
  }

  void weigh(int number, int weight) {
    ipvs.editServer(KEY, spec(number).weight(weight).build());
  }

  void remove(int number) {
    ipvs.removeServer(KEY, server(number), 8080);
  }

  List<RealServer> servers() {
    return ipvs.find(KEY).orElseThrow().servers();
  }

  /** Returns a client's SYN; each number is another address and port. */
  static Packet syn(int client) {
    return packet(client, TcpFlags.SYN);
  }

  static Packet packet(int client, int flags) {
    return new Packet()
        .source(IpAddress.ipv4(0xC612_0000 + client))
        .sourcePort(1024 + client % 60_000)
        .destination(VIRTUAL)
        .destinationPort(80)
        .tcpFlags(flags);
  }

  /** Returns the number of the server that a client's SYN goes to, -1 if there is none. */
  int connect(int client) {
    return send(syn(client));
  }

  int send(Packet packet) {
    decisions.startPacket(packets++);
    if (ipvs.fromClient(packet, false) != Disposition.FORWARD) {
      return -1;
    }
    return ipvs.connection().serverAddress().ipv4Bits() - 0x0AF4_0001;
  }

  long count(String operation) {
    return work.count(Operation.named(operation));
  }

  void sleep(int seconds) {
    clock.advanceTo(clock.nowNs() + seconds * VirtualClock.NS_PER_SECOND);
    ipvs.advance();
  }

  /** Lets ticks of a kernel that has 100 a second pass. */
  void sleepTicks(int ticks) {
    clock.advanceTo(clock.nowNs() + ticks * (VirtualClock.NS_PER_SECOND / 100));
    ipvs.advance();
  }
}
