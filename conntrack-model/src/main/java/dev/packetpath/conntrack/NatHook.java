package dev.packetpath.conntrack;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Trace;
import dev.packetpath.core.UniformFunction;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * NAT on one hook: it asks the chains for the first packet of a connection and rewrites all packets
 * (nf_nat_inet_fn in net/netfilter/nf_nat_core.c and the hook functions of nf_nat_proto.c, Linux
 * 6.1).
 */
final class NatHook implements HookFunction {
  private record Chain(int priority, HookFunction walk) {}

  private final Nat nat;
  private final Host host;
  private final ManipType type;
  private final PacketRewriter rewriter;
  private final QuotedTranslation quoted;
  private final Trace trace;
  private final PathRecording recording;

  /** Empty, but while chains look ahead at a part of a burst: that part. */
  private final List<Packet> opening = new ArrayList<>();

  private Chain[] chains = {};

  NatHook(Nat nat, Hook hook) {
    this.nat = nat;
    this.host = nat.conntrack().host();
    this.type = ManipType.at(hook);
    this.trace = host.trace();
    this.recording = host.recording();
    this.rewriter = new PacketRewriter(host.work(), trace);
    this.quoted = new QuotedTranslation(rewriter);
  }

  /** Adds a chain in front of the first one whose priority is not lower. */
  void add(int priority, HookFunction walk) {
    List<Chain> more = new ArrayList<>(List.of(chains));
    int at = 0;
    while (at < chains.length && chains[at].priority < priority) {
      at++;
    }
    more.add(at, new Chain(priority, walk));
    chains = more.toArray(Chain[]::new);
  }

  @Override
  public Verdict run(Packet packet, HookState state) {
    long high = packet.destinationHigh();
    long low = packet.destinationLow();
    Verdict verdict = translate(packet, state);
    if (verdict != Verdict.ACCEPT) {
      return verdict;
    }
    if (state.hook() == Hook.PREROUTING) {
      forgetRouteToOther(packet, high, low);
    }
    return state.hook() == Hook.OUTPUT ? reroute(packet) : Verdict.ACCEPT;
  }

  /**
   * Does what {@link #run} does at PREROUTING for the first segment of a TCP connection that is not
   * translated yet, while no trace is taken and nobody records.
   */
  Verdict first(Packet packet, Connection connection, HookState state) {
    Verdict verdict = askChains(packet, connection, state);
    if (verdict != Verdict.ACCEPT || !connection.hasAny(ConnectionStatus.DST_NAT)) {
      return verdict;
    }
    long high = packet.destinationHigh();
    long low = packet.destinationLow();
    rewriter.rewrite(packet, connection, Direction.ORIGINAL, ManipType.DESTINATION);
    forgetRouteToOther(packet, high, low);
    return Verdict.ACCEPT;
  }

  /** Takes the route from a packet whose destination is not what it was. */
  private static void forgetRouteToOther(Packet packet, long high, long low) {
    if (high != packet.destinationHigh() || low != packet.destinationLow()) {
      packet.attach(Route.OF_PACKET, Route.NONE);
    }
  }

  @Override
  public void lookAhead(List<Packet> burst, int from, int end, HookState state) {
    int opens = 0;
    for (int i = from; i < end; i++) {
      if (probablyOpens(burst.get(i))) {
        opens++;
      }
    }
    if (opens == end - from) {
      chainsLookAhead(burst, from, end, state);
    } else if (opens > 0) {
      for (int i = from; i < end; i++) {
        if (probablyOpens(burst.get(i))) {
          opening.add(burst.get(i));
        }
      }
      chainsLookAhead(opening, 0, opens, state);
      opening.clear();
    }
  }

  private void chainsLookAhead(List<Packet> packets, int from, int end, HookState state) {
    for (Chain chain : chains) {
      chain.walk.lookAhead(packets, from, end, state);
    }
  }

  private static boolean probablyOpens(Packet packet) {
    return packet.protocol() != IpProtocol.TCP
        || (packet.tcpFlags() & (TcpFlags.SYN | TcpFlags.ACK)) == TcpFlags.SYN;
  }

  /** A packet of this host whose connection is translated gets a new route. */
  private Verdict reroute(Packet packet) {
    Connection connection = PacketConnection.connectionOf(packet);
    if (!connection.exists()) {
      return Verdict.ACCEPT;
    }
    if (!connection.isDestinationTranslated(PacketConnection.stateOf(packet).direction())) {
      return Verdict.ACCEPT;
    }
    return host.reroute(packet, "nat OUTPUT") == Errno.OK ? Verdict.ACCEPT : Verdict.DROP;
  }

  private Verdict translate(Packet packet, HookState state) {
    Connection connection = PacketConnection.connectionOf(packet);
    if (!connection.exists()) {
      return Verdict.ACCEPT;
    }
    ConnectionState relation = PacketConnection.stateOf(packet);
    if (relation.isRelated() && packet.isIcmp()) {
      return quoted.translate(packet, connection, relation.direction(), type)
          ? Verdict.ACCEPT
          : dropped("an ICMP error that cannot be translated");
    }
    boolean first = relation == ConnectionState.NEW || relation.isRelated();
    if (first && !connection.hasAny(type.doneBit())) {
      Verdict verdict =
          relation == ConnectionState.RELATED && nat.followsMaster(packet, connection)
              ? Verdict.ACCEPT
              : askChains(packet, connection, state);
      if (verdict != Verdict.ACCEPT) {
        return verdict;
      }
    } else if (leavesByAnotherDevice(connection, relation, state)) {
      nat.conntrack().kill(connection, packet);
      return dropped(
          "masqueraded for " + connection.masqueradeDevice() + ", now leaves by another");
    }
    int changes = type.statusBit();
    if (relation.isReply()) {
      changes ^= ConnectionStatus.NAT_MASK;
    }
    boolean rewrites = connection.hasAny(changes);
    if (rewrites) {
      if (!PacketRewriter.isTranslatable(packet, packet.length() - packet.networkHeaderBytes())) {
        return dropped("a header that is too short to be translated");
      }
      rewriter.rewrite(packet, connection, relation.direction(), type);
    }
    if (recording.isOn()) {
      record(first, rewrites);
    }
    return Verdict.ACCEPT;
  }

  private void record(boolean first, boolean rewrites) {
    if (first) {
      recording.differs();
    }
    recording.repeats();
    if (rewrites) {
      recording.costs(ConntrackOperations.NAT_REWRITE, 1);
    }
  }

  private Verdict askChains(Packet packet, Connection connection, HookState state) {
    for (Chain chain : chains) {
      Verdict verdict = chain.walk.run(packet, state);
      if (verdict != Verdict.ACCEPT || connection.hasAny(type.doneBit())) {
        return verdict;
      }
    }
    return nat.bindToItself(packet, type);
  }

  /**
   * Returns what the chains do for each first packet like one, if they leave the end of its
   * connection to {@link Nat#bindToItself}; see {@link UniformFunction#effectOn}.
   */
  Optional<List<PathEffect>> effectsOn(Packet packet, HookState state) {
    List<PathEffect> effects = new ArrayList<>();
    for (Chain chain : chains) {
      Optional<PathEffect> effect =
          chain.walk instanceof UniformFunction walk
              ? walk.effectOn(packet, state)
              : Optional.empty();
      if (effect.isEmpty()) {
        return Optional.empty();
      }
      effects.add(effect.get());
    }
    return Optional.of(effects);
  }

  private static boolean leavesByAnotherDevice(
      Connection connection, ConnectionState relation, HookState state) {
    return state.hook() == Hook.POSTROUTING
        && !relation.isReply()
        && connection.masqueradeDevice().exists()
        && connection.masqueradeDevice().index() != state.out().index();
  }

  private Verdict dropped(String reason) {
    if (trace.isOn()) {
      trace.add(new ConntrackEvent.Dropped(reason));
    }
    return Verdict.DROP;
  }
}
