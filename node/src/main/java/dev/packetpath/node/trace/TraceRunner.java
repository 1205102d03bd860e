package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.ConntrackEvent;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.host.RouteQuery;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.node.FollowUp;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketChanges;
import dev.packetpath.node.PacketRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives packets to a fresh node, once. */
final class TraceRunner {
  private static final Sysctls NOT_FORWARDING =
      NodeSnapshot.ASSUMED_SYSCTLS
          .with("net.ipv4.ip_forward", "0")
          .with("net.ipv6.conf.all.forwarding", "0");

  private final TraceSettings settings;
  private final Premises premises;
  private final ProbeDecisions decisions;
  private final @Nullable AssumedNetwork assumed;
  private final Node node;
  private final List<TracedPacket> traced = new ArrayList<>();
  private final FlowBook flows = new FlowBook();
  private boolean several;
  private int numberOfBase;
  private boolean answered;
  private Optional<TracedPacket> base = Optional.empty();
  private Optional<TracedPacket> lastOfFlow = Optional.empty();

  private TraceRunner(
      TraceSettings settings, Decisions decisions, ImmutableMap<Object, Premise> told) {
    this.settings = settings;
    this.premises = new Premises(told);
    this.decisions = new ProbeDecisions(decisions);
    NodeSnapshot snapshot = settings.snapshot();
    if (settings.assumed()) {
      AssumedNetwork network =
          new AssumedNetwork(settings.hints(), settings.local(), settings.out(), premises);
      this.assumed = network;
      snapshot = snapshot.withNetwork(network);
    } else {
      this.assumed = null;
      if (!snapshot.tellsSettings() && !forwards()) {
        snapshot = snapshot.withSysctls(NOT_FORWARDING);
      }
    }
    this.node =
        Node.builder(snapshot)
            .decisions(this.decisions)
            .localSockets(settings.localSockets())
            .unknownSets(settings.unknownSets())
            .build();
    node.host().trace().keep(true);
  }

  private boolean forwards() {
    return premises.take(Premise.Forwarding.class, new Premise.Forwarding(true)).forwards();
  }

  /** Returns the way of the packets on a fresh node. */
  static TraceRun run(
      TraceSettings settings,
      List<PacketRequest> requests,
      Decisions decisions,
      ImmutableMap<Object, Premise> told) {
    TraceRunner runner = new TraceRunner(settings, decisions, told);
    runner.several = requests.size() > 1;
    for (int i = 0; i < requests.size(); i++) {
      runner.follow(requests.get(i), i + 1);
    }
    runner.probe();
    return new TraceRun(
        ImmutableList.copyOf(runner.traced), runner.flows.costs(), runner.premises.asked());
  }

  private void follow(PacketRequest request, int number) {
    Optional<TracedPacket> packet = inject(request, number);
    if (packet.isEmpty()) {
      return;
    }
    traced.add(packet.get());
    flows.add(packet.get());
  }

  private Optional<TracedPacket> inject(PacketRequest request, int number) {
    if (request instanceof PacketRequest.Given given) {
      Packet packet = given.packet().copy();
      String at = given.in().orElseGet(() -> arrival(packet, number));
      checkDevice(given, number);
      if (number == 1) {
        applyState(packet);
      }
      numberOfBase = number;
      answered = false;
      askAbout("packet ");
      TracedPacket result = inject(request, at, packet);
      base = Optional.of(result);
      lastOfFlow = base;
      return base;
    }
    TracedPacket first =
        base.orElseThrow(
            () -> error(number, 1, "\"" + request.text() + "\"", "a packet in full before it"));
    if (request instanceof PacketRequest.Again again) {
      askAbout("packet ");
      TracedPacket result =
          inject(request, first.at(), FollowUp.again(first.packet(), answered, again.changes()));
      lastOfFlow = Optional.of(result);
      return lastOfFlow;
    }
    askAbout("the reply to packet ");
    answered = true;
    return reply(request, lastOfFlow.orElse(first), ((PacketRequest.Reply) request).changes());
  }

  private void checkDevice(PacketRequest.Given given, int number) {
    String name = given.in().orElse(Injection.LOCAL);
    Network network = node.host().network();
    if (assumed == null && !name.equals(Injection.LOCAL) && !network.device(name).exists()) {
      String found = "in=" + name;
      throw error(
          number,
          given.text().indexOf(found) + 1,
          "\"" + found + "\"",
          "local or a device of the node, of " + network.devices());
    }
  }

  private static SyntaxException error(int number, int column, String found, String expected) {
    return new SyntaxException("packet", number, column, found, expected);
  }

  /** Tells apart what is asked about the packets of several flows and directions. */
  private void askAbout(String what) {
    decisions.askAbout(several ? what + numberOfBase : "");
  }

  /** Answers a packet as it came out; nothing, if it did not. */
  private Optional<TracedPacket> reply(
      PacketRequest request, TracedPacket to, PacketChanges changes) {
    PathEnd end = to.path().end();
    if (end instanceof PathEnd.Emitted emitted) {
      return FollowUp.reply(emitted.packet(), changes)
          .map(packet -> inject(request, emitted.device(), packet));
    }
    if (end instanceof PathEnd.Delivered delivered) {
      return FollowUp.reply(delivered.packet(), changes)
          .map(packet -> inject(request, Injection.LOCAL, packet));
    }
    return Optional.empty();
  }

  private TracedPacket inject(PacketRequest request, String at, Packet packet) {
    if (assumed != null) {
      if (at.equals(Injection.LOCAL)) {
        assumed.sent(packet.source(), packet.destination());
      } else {
        assumed.received(packet.source(), packet.destination(), at);
      }
    }
    Packet before = packet.copy();
    var result = node.inject(Injection.on(at, packet));
    return new TracedPacket(request, at, before, PathReader.read(result.events()), result);
  }

  /** Returns where a packet comes from that does not tell it. */
  private String arrival(Packet packet, int number) {
    IpAddress source = packet.source();
    if (source.isLoopback() || settings.local().contains(source)) {
      return Injection.LOCAL;
    }
    if (assumed != null) {
      String device = settings.hints().deviceOf(source).orElse(AssumedNetwork.UNNAMED);
      return arrivesOn(number, device);
    }
    Network network = node.host().network();
    if (network.addressType(source, Device.NONE) == AddressType.LOCAL) {
      return Injection.LOCAL;
    }
    Route back = network.route(RouteQuery.to(source));
    if (!back.isUsable() || !back.device().exists()) {
      throw error(number, 1, "no in=", "in=IFACE, as the node has no route to " + source);
    }
    return arrivesOn(number, back.device().name());
  }

  private String arrivesOn(int number, String device) {
    return premises.take(Premise.InDevice.class, new Premise.InDevice(number, device)).device();
  }

  private void applyState(Packet first) {
    if (node.conntrack().isEmpty()) {
      return;
    }
    SeenState state = settings.state().orElse(SeenState.NEW);
    int flags = first.tcpFlags() & (TcpFlags.SYN | TcpFlags.ACK | TcpFlags.RST);
    if (settings.state().isEmpty()
        && settings.snapshot().connections().isEmpty()
        && first.protocol() == IpProtocol.TCP
        && flags != TcpFlags.SYN) {
      state =
          premises.take(Premise.FirstState.class, new Premise.FirstState(SeenState.NEW)).state();
    }
    ToldConnection.apply(state, node.conntrack().get(), first);
  }

  private static boolean isEstablished(TracedPacket packet) {
    return packet.result().events().stream()
        .filter(ConntrackEvent.LookedUp.class::isInstance)
        .findFirst()
        .map(event -> ((ConntrackEvent.LookedUp) event).state() == ConnectionState.ESTABLISHED)
        .orElse(true);
  }

  /** Learns what a later packet of each flow costs for which none was asked for. */
  private void probe() {
    decisions.startProbing();
    for (FlowBook.Flow flow : flows.flows()) {
      if (!flow.needsProbe()) {
        continue;
      }
      TracedPacket first = flow.first();
      reply(first.request(), first, PacketChanges.NONE);
      TracedPacket later =
          inject(
              first.request(),
              first.at(),
              FollowUp.again(first.packet(), true, PacketChanges.NONE));
      if (isEstablished(later)) {
        flow.probed(PacketCost.of(later));
      }
    }
  }
}
