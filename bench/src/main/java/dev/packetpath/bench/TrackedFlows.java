package dev.packetpath.bench;

import static com.google.common.base.Preconditions.checkState;

import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.conntrack.NatRange;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookRegistration;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;

/**
 * A host that tracks connections, and flows by number: each from a port of its own at one of a few
 * hundred clients. Packets meet the functions on PREROUTING and POSTROUTING, no routing.
 */
final class TrackedFlows {
  private static final Device EAST = Device.ethernet("eth0", 2);
  private static final Device WEST = Device.ethernet("eth1", 3);
  private static final IpAddress WEST_ADDRESS = IpAddress.parse("10.64.0.1");
  private static final long CLIENTS = IpAddress.parse("10.128.0.0").low();
  private static final long SERVERS = IpAddress.parse("10.64.1.0").low();
  private static final int PORT_BITS = 15;
  private static final int FIRST_PORT = 1 << PORT_BITS;
  private static final int SERVER_PORT = 80;

  private final VirtualClock clock = new VirtualClock();
  private final Host host;
  private final Conntrack conntrack;
  private final Packet packet = new Packet();
  private HookRegistration[] prerouting = {};
  private HookRegistration[] postrouting = {};
  private final HookState eastIn = new HookState(Hook.PREROUTING, EAST, Device.NONE);
  private final HookState westIn = new HookState(Hook.PREROUTING, WEST, Device.NONE);
  private final HookState eastOut = new HookState(Hook.POSTROUTING, WEST, EAST);
  private final HookState westOut = new HookState(Hook.POSTROUTING, EAST, WEST);

  TrackedFlows(ConntrackSettings settings) {
    ConfiguredNetwork network =
        ConfiguredNetwork.builder()
            .device(EAST)
            .device(WEST)
            .addressWithRoutes(DeviceAddress.of(WEST, WEST_ADDRESS + "/10"))
            .build();
    host = Host.builder(network).clock(clock).build();
    conntrack = Conntrack.attach(host, settings);
    readHooks();
  }

  /** Masquerades what leaves for the servers from now on. */
  void masquerade() {
    Nat nat = Nat.attach(conntrack);
    nat.registerChain(
        IpFamily.IPV4,
        Hook.POSTROUTING,
        0,
        (leaving, state) -> nat.masquerade(leaving, NatRange.ANY, state.out()));
    readHooks();
  }

  private void readHooks() {
    prerouting = functions(Hook.PREROUTING);
    postrouting = functions(Hook.POSTROUTING);
  }

  private HookRegistration[] functions(Hook hook) {
    return host.hooks().at(IpFamily.IPV4, hook).toArray(HookRegistration[]::new);
  }

  Conntrack conntrack() {
    return conntrack;
  }

  /** Lets virtual time pass and ends what is over; returns how many connections are left. */
  int advance(long ns) {
    clock.advanceTo(clock.nowNs() + ns);
    return conntrack.size();
  }

  /** Opens a UDP flow. */
  void openUdp(int flow) {
    request(flow).protocol(IpProtocol.UDP);
    through(eastIn, westOut);
  }

  /**
   * Opens a flow of a protocol without a tracker of its own, which lasts for the generic timeout.
   */
  void openOther(int flow) {
    request(flow).protocol(IpProtocol.ESP);
    packet.source(0, CLIENTS + flow);
    through(eastIn, westOut);
  }

  /** Opens a TCP connection up to the end of its handshake. */
  void establish(int flow) {
    request(flow).protocol(IpProtocol.TCP).tcpFlags(TcpFlags.SYN);
    through(eastIn, westOut);
    long source = packet.sourceLow();
    int port = packet.sourcePort();
    request(flow).protocol(IpProtocol.TCP).tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
    packet.tcpAcknowledgment(1);
    packet.source(0, packet.destinationLow()).destination(0, source);
    packet.sourcePort(SERVER_PORT).destinationPort(port);
    through(westIn, eastOut);
    acknowledge(flow);
  }

  /** Sends a packet of an established connection. */
  void acknowledge(int flow) {
    request(flow).protocol(IpProtocol.TCP).tcpFlags(TcpFlags.ACK);
    packet.tcpSequence(1).tcpAcknowledgment(1);
    through(eastIn, westOut);
  }

  /** Looks up an established connection: {@link #acknowledge} as far as PREROUTING. */
  Packet lookUp(int flow) {
    request(flow).protocol(IpProtocol.TCP).tcpFlags(TcpFlags.ACK);
    packet.tcpSequence(1).tcpAcknowledgment(1);
    run(prerouting, eastIn);
    return packet;
  }

  private Packet request(int flow) {
    int client = flow >>> PORT_BITS;
    packet.clearAttachments();
    return packet
        .source(0, CLIENTS + client)
        .destination(0, SERVERS + client)
        .sourcePort(FIRST_PORT + (flow & (FIRST_PORT - 1)))
        .destinationPort(SERVER_PORT)
        .tcpSequence(0)
        .tcpAcknowledgment(0);
  }

  private void through(HookState in, HookState out) {
    run(prerouting, in);
    run(postrouting, out);
  }

  private void run(HookRegistration[] functions, HookState state) {
    for (HookRegistration registration : functions) {
      Verdict verdict = registration.function().run(packet, state);
      checkState(verdict == Verdict.ACCEPT, "%s was dropped", packet);
    }
  }
}
