package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.ConnectionStatus;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackEntry;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.conntrack.Tuple;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes rules see a connection state that was told, for the first packet of a node. */
final class ToldConnection {
  private static final int STATUS =
      ConnectionStatus.SEEN_REPLY
          | ConnectionStatus.ASSURED
          | ConnectionStatus.CONFIRMED
          | ConnectionStatus.NAT_DONE_MASK;
  private static final long SECONDS = 100;

  private ToldConnection() {}

  static void apply(SeenState state, Conntrack conntrack, Packet first) {
    switch (state) {
      case NEW -> {}
      case ESTABLISHED -> conntrack.load(ImmutableList.of(established(first)));
      case RELATED ->
          afterLookUp(
              conntrack.host(),
              first,
              packet ->
                  PacketConnection.set(
                      packet, PacketConnection.connectionOf(packet), ConnectionState.RELATED));
      case INVALID -> afterLookUp(conntrack.host(), first, PacketConnection::clear);
      case UNTRACKED ->
          afterLookUp(
              conntrack.host(),
              first,
              packet -> PacketConnection.set(packet, Connection.NONE, ConnectionState.UNTRACKED));
    }
  }

  /** Returns a connection without translation that a packet belongs to. */
  private static ConntrackEntry established(Packet packet) {
    Tuple tuple =
        packet.isIcmp()
            ? Tuple.icmp(
                packet.source(),
                packet.destination(),
                packet.icmpId(),
                packet.icmpType(),
                packet.icmpCode())
            : Tuple.of(
                packet.protocol(),
                packet.source(),
                packet.sourcePort(),
                packet.destination(),
                packet.destinationPort());
    Tuple inverse = tuple.inverse();
    boolean answer = packet.isIcmp() && packet.icmpType() != 8 && packet.icmpType() != 128;
    String state =
        packet.protocol() == IpProtocol.TCP || packet.protocol() == IpProtocol.SCTP
            ? "ESTABLISHED"
            : "";
    return ConntrackEntry.plain(
        answer ? inverse : tuple, answer ? tuple : inverse, SECONDS, state, STATUS);
  }

  @FunctionalInterface
  private interface Change {
    void apply(Packet packet);
  }

  private static void afterLookUp(Host host, Packet first, Change change) {
    AtomicBoolean done = new AtomicBoolean();
    HookFunction function =
        (packet, state) -> {
          if (!done.getAndSet(true)) {
            change.apply(packet);
          }
          return Verdict.ACCEPT;
        };
    for (Hook hook : new Hook[] {Hook.PREROUTING, Hook.OUTPUT}) {
      host.hooks()
          .register(
              first.family(), hook, HookPriority.CONNTRACK + 1, "told connection state", function);
    }
  }
}
