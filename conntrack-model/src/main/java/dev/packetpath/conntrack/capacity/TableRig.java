package dev.packetpath.conntrack.capacity;

import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Direction;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.PacketSink;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/** A router with a table of connections, and the packets of numbered connections for it. */
final class TableRig {
  private static final Device CLIENTS = Device.ethernet("eth0", 2);
  private static final Device SERVERS = Device.ethernet("eth1", 3);
  private static final IpAddress SERVER = IpAddress.parse("198.51.100.9");
  private static final long NETWORK = 0x0a00_0000L;
  private static final long HOSTS = 0x00ff_ffffL;
  private static final int PORTS = 50_000;
  private static final int FIRST_PORT = 1024;
  private static final int WINDOW = 0xffff;

  private final VirtualClock clock = new VirtualClock();
  private final Host host;
  private final Conntrack conntrack;
  private final long firstHost;
  private boolean passed;

  TableRig(ConntrackSettings settings, long seed) {
    firstHost = (seed * 0x9e37_79b9_7f4a_7c15L) >>> 40;
    ConfiguredNetwork network =
        ConfiguredNetwork.builder()
            .device(Device.lo())
            .device(CLIENTS)
            .device(SERVERS)
            .addressWithRoutes(DeviceAddress.of(CLIENTS, "10.0.0.1/8"))
            .addressWithRoutes(DeviceAddress.of(SERVERS, "198.51.100.1/24"))
            .route(
                RouteEntry.unicast(
                    IpPrefix.parse("0.0.0.0/0"), SERVERS, IpAddress.parse("198.51.100.254")))
            .build();
    host = Host.builder(network).clock(clock).decisions(new SeededDecisions(seed)).build();
    conntrack = Conntrack.attach(host, settings);
    host.sink(
        new PacketSink() {
          @Override
          public void emitted(Device out, Packet packet) {
            passed = true;
          }

          @Override
          public void delivered(Packet packet) {
            passed = true;
          }
        });
  }

  Conntrack conntrack() {
    return conntrack;
  }

  VirtualClock clock() {
    return clock;
  }

  /** Sends a packet of a connection through; returns whether it came out. */
  boolean send(ConnectionProfile profile, ProfilePacket packet, long number) {
    passed = false;
    boolean fromClient = packet.direction() == Direction.ORIGINAL;
    host.receive(packet(profile.protocol(), packet, number), fromClient ? CLIENTS : SERVERS);
    return passed;
  }

  private Packet packet(int protocol, ProfilePacket of, long number) {
    boolean fromClient = of.direction() == Direction.ORIGINAL;
    long client = NETWORK | (firstHost + number / PORTS & HOSTS);
    int port = FIRST_PORT + (int) (number % PORTS);
    Packet packet = new Packet().protocol(protocol).payloadLength(of.payloadBytes());
    packet.source(0, fromClient ? client : SERVER.low());
    packet.destination(0, fromClient ? SERVER.low() : client);
    if (protocol == IpProtocol.ICMP) {
      return packet.icmpType(fromClient ? 8 : 0).icmpId(port);
    }
    packet.ports(fromClient ? port : 80, fromClient ? 80 : port);
    return protocol == IpProtocol.TCP
        ? packet
            .tcpFlags(of.tcpFlags())
            .tcpSequence(of.tcpSequence())
            .tcpAcknowledgment(of.tcpAcknowledgment())
            .tcpWindow(WINDOW)
        : packet;
  }
}
