package dev.packetpath.conntrack;

import dev.packetpath.core.Decisions;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Trace;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/**
 * Puts a connection into the table when its first packet has passed everything else, at POSTROUTING
 * or INPUT (__nf_conntrack_confirm and nf_ct_resolve_clash in net/netfilter/nf_conntrack_core.c,
 * Linux 6.1).
 */
final class Confirmation {
  /** A bucket of so many entries is never too long. */
  static final int MIN_CHAIN_LENGTH = 50;

  private static final int CHAIN_LENGTH_SPREAD = 30;
  private static final int NOT_DRAWN = Integer.MAX_VALUE;
  private static final long SITE = 0x636f_6e66_6972_6d00L;

  private final VirtualClock clock;
  private final Entries entries;
  private final Trackers trackers;
  private final ConntrackCounters counters;
  private final Decisions decisions;
  private final Work work;
  private final Trace trace;
  private final PathRecording recording;
  private final Events events;
  private final Expectations expectations;
  private final TupleKey key = new TupleKey();

  Confirmation(
      Host host,
      Entries entries,
      Trackers trackers,
      ConntrackCounters counters,
      Events events,
      Expectations expectations) {
    this.clock = host.clock();
    this.entries = entries;
    this.trackers = trackers;
    this.counters = counters;
    this.events = events;
    this.expectations = expectations;
    this.decisions = host.decisions();
    this.work = host.work();
    this.trace = host.trace();
    this.recording = host.recording();
  }

  Verdict run(Packet packet, HookState state) {
    Connection connection = PacketConnection.connectionOf(packet);
    if (connection.hasAny(ConnectionStatus.HELPER | ConnectionStatus.SEQ_ADJUST)) {
      boolean moved = connection.hasAny(ConnectionStatus.SEQ_ADJUST); // not by this packet
      if (help(packet, connection) == Verdict.DROP) {
        return dropped("the helper " + connection.helper() + " cannot read the packet");
      }
      if (moved && !state.in().loopback() && !adjust(packet, connection)) {
        counters.drop++;
        return dropped("TCP options that cannot be read");
      }
    }
    if (recording.isOn() && connection.isConfirmed()) {
      recording.repeats();
    }
    return confirm(packet);
  }

  private static boolean adjust(Packet packet, Connection connection) {
    return packet.protocol() != IpProtocol.TCP
        || connection.offsets().adjust(packet, PacketConnection.stateOf(packet).direction());
  }

  private Verdict help(Packet packet, Connection connection) {
    ConnectionState state = PacketConnection.stateOf(packet);
    if (state != ConnectionState.ESTABLISHED && state != ConnectionState.ESTABLISHED_REPLY) {
      return Verdict.ACCEPT;
    }
    return expectations
        .helperOf(connection)
        .map(helper -> helper.help(packet, connection, state.direction(), expectations))
        .orElse(Verdict.ACCEPT);
  }

  Verdict confirm(Packet packet) {
    Connection connection = PacketConnection.connectionOf(packet);
    if (!connection.exists()) {
      return Verdict.ACCEPT;
    }
    if (connection.isConfirmed() || PacketConnection.stateOf(packet).isReply()) {
      events.packetPassed(connection);
      return Verdict.ACCEPT;
    }
    work.add(ConntrackOperations.INSERT);
    ConntrackTable table = entries.live();
    Zone zone = connection.zoneOfDirections();
    int most = NOT_DRAWN;
    for (int i = 0; i < 2; i++) {
      Direction direction = Direction.of(i);
      connection.key(direction, key);
      int taken = table.find(table.hashOf(connection, direction), key, zone);
      if (taken != ConntrackTable.NONE) {
        return clash(packet, connection, table.connection(taken), direction);
      }
      if (table.compared() > MIN_CHAIN_LENGTH && most == NOT_DRAWN) {
        most = MIN_CHAIN_LENGTH + 1 + chainLengthDraw();
      }
      if (table.compared() > most) {
        counters.chainTooLong++;
        counters.insertFailed++;
        return dropped("the bucket of " + connection.tuple(direction) + " is too long");
      }
    }
    connection.timeoutNs(connection.expiresAtNs() + clock.nowNs());
    entries.insert(connection);
    events.inserted(connection);
    if (trace.isOn()) {
      trace.add(new ConntrackEvent.Confirmed(connection.original(), connection.reply()));
    }
    return Verdict.ACCEPT;
  }

  private int chainLengthDraw() {
    return (int) (((decisions.bits(SITE) & 0xffff_ffffL) * CHAIN_LENGTH_SPREAD) >>> 32);
  }

  /** Another entry has one of the tuples: the packet joins it, or is dropped. */
  private Verdict clash(Packet packet, Connection loser, Connection winner, Direction same) {
    if (trackers.of(loser.protocol()).allowsClash()) {
      if (joins(packet, loser, winner)) {
        return Verdict.ACCEPT;
      }
      ConntrackTable table = entries.live();
      Zone zone = loser.zoneOfDirections();
      loser.key(Direction.REPLY, key);
      int sameReply = table.find(table.hashOf(loser, Direction.REPLY), key, zone);
      if (sameReply == ConntrackTable.NONE) {
        loser.timeoutNs(clock.nowNs() + VirtualClock.NS_PER_SECOND);
        entries.insertClashing(loser);
        counters.clashResolve++;
        return Verdict.ACCEPT;
      }
      if (joins(packet, loser, table.connection(sameReply))) {
        return Verdict.ACCEPT;
      }
    }
    counters.drop++;
    counters.insertFailed++;
    return dropped("another connection has the tuple " + loser.tuple(same));
  }

  private boolean joins(Packet packet, Connection loser, Connection winner) {
    boolean same =
        winner.original().equals(loser.original())
            && winner.reply().equals(loser.reply())
            && winner.zoneOfDirections().equals(loser.zoneOfDirections());
    if (winner.hasAny(ConnectionStatus.NAT_DONE_MASK) && !same) {
      return false;
    }
    ConnectionState state = PacketConnection.stateOf(packet);
    if (winner.isAccounted()) {
      Direction direction = state.direction();
      winner.count(direction, loser.packets(direction), loser.bytes(direction));
    }
    PacketConnection.set(packet, winner, state);
    counters.clashResolve++;
    return true;
  }

  private Verdict dropped(String reason) {
    if (trace.isOn()) {
      trace.add(new ConntrackEvent.Dropped(reason));
    }
    return Verdict.DROP;
  }
}
