package dev.packetpath.conntrack;

import dev.packetpath.core.Hook;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;

/** Follows TCP (net/netfilter/nf_conntrack_proto_tcp.c, Linux 6.1). */
final class TcpTracker implements Tracker {
  private static final long SHRINK_FROM_NS = 120 * VirtualClock.NS_PER_SECOND;

  private final Lifetimes lifetimes;
  private final TcpTimeouts timeouts;
  private final TcpWindow window;
  private final TcpTracking tcp = new TcpTracking();

  /** How long a connection lasts after its first SYN, if it has no timeouts of its own. */
  private final long openingNs;

  TcpTracker(Lifetimes lifetimes) {
    this.lifetimes = lifetimes;
    this.timeouts = new TcpTimeouts(lifetimes.settings());
    this.window = new TcpWindow(lifetimes.settings().tcpBeLiberal());
    this.openingNs = openingNs(TimeoutPolicy.NONE);
  }

  @Override
  public boolean allowsClash() {
    return false;
  }

  @Override
  public Result track(Connection connection, Packet packet, ConnectionState state, Hook hook) {
    boolean badChecksum =
        hook == Hook.PREROUTING && lifetimes.settings().checksum() && !packet.checksumValid();
    if (badChecksum || !TcpSegment.isValid(packet.tcpFlags())) {
      return Result.INVALID;
    }
    if (!connection.isConfirmed() && TcpSegment.of(packet) == TcpSegment.SYN) {
      open(connection, packet);
      return Result.ACCEPTED;
    }
    tcp.load(connection);
    Result result = track(connection, packet, state);
    tcp.store(connection);
    return result;
  }

  /** Starts a connection, which has not seen a packet yet, with a SYN. */
  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  void open(Connection connection, Packet packet) {
    tcp.open(connection, packet);
    TimeoutPolicy policy = connection.timeouts();
    connection.timeoutNs(policy == TimeoutPolicy.NONE ? openingNs : openingNs(policy));
  }

  private long openingNs(TimeoutPolicy policy) {
    long seconds =
        timeouts.seconds(
            policy, TcpState.SYN_SENT, TcpSegment.SYN, 0, false, TcpTracking.NO_WINDOW);
    return seconds * VirtualClock.NS_PER_SECOND;
  }

  private Result track(Connection connection, Packet packet, ConnectionState state) {
    TcpSegment segment = TcpSegment.of(packet);
    if (!connection.isConfirmed() && !joinsConnection(segment, packet)) {
      return Result.INVALID;
    }
    Direction direction = state.direction();
    TcpState old = tcp.state;
    TcpState next = TcpTransitions.next(direction, segment, old);
    if (next == TcpState.SYN_SENT && old.ordinal() >= TcpState.TIME_WAIT.ordinal()) {
      if (mayReopen(direction)) {
        lifetimes.kill(connection);
        return Result.REPEAT;
      }
      next = TcpState.IGNORED;
    }
    boolean checkWindow = true;
    switch (next) {
      case IGNORED -> {
        if (!answersIgnoredSyn(direction, segment, packet)) {
          TcpIgnored.note(tcp, direction, segment, packet);
          return Result.ACCEPTED;
        }
        TcpIgnored.resynchronize(tcp, direction);
        lifetimes.stateSet(connection);
        old = TcpState.SYN_SENT;
        next = TcpState.SYN_RECV;
      }
      case INVALID -> {
        return Result.INVALID;
      }
      case TIME_WAIT -> {
        if (isChallengeAck(direction, segment, old)) {
          tcp.challengeAckExpected = false;
          return Result.ACCEPTED;
        }
      }
      case SYN_SENT2 -> tcp.simultaneousOpen = true;
      case SYN_RECV -> {
        if (direction == Direction.REPLY && segment == TcpSegment.ACK && tcp.simultaneousOpen) {
          next = TcpState.ESTABLISHED;
        }
      }
      case CLOSE -> {
        if (segment == TcpSegment.RST) {
          TcpReset reset = new TcpReset(connection, tcp, direction, packet);
          if (reset.isOutOfSequence(lifetimes.settings().tcpIgnoreInvalidRst())) {
            return Result.INVALID;
          }
          next = reset.mayBeAnsweredByChallenge() ? old : next;
          checkWindow = !reset.skipsWindow();
        }
      }
      default -> {}
    }
    if (checkWindow) {
      switch (window.judge(tcp, direction, segment, packet)) {
        case IGNORED -> {
          return Result.ACCEPTED;
        }
        case INVALID -> {
          noteOutOfWindow(connection, direction, segment);
          return Result.INVALID;
        }
        case IN_WINDOW -> {}
      }
    }
    tcp.lastSegment = segment;
    tcp.lastDirection = direction;
    tcp.state = next;
    if (old != next && next == TcpState.FIN_WAIT) {
      tcp.peer(direction).set(TcpPeer.CLOSE_INITIATED);
    }
    settle(connection, segment, packet, state, old);
    return Result.ACCEPTED;
  }

  /** Starts a connection with a segment of its middle; false if that may not be. */
  private boolean joinsConnection(TcpSegment segment, Packet packet) {
    TcpState first = TcpTransitions.next(Direction.ORIGINAL, segment, TcpState.NONE);
    if (first != TcpState.ESTABLISHED || !lifetimes.settings().tcpLoose()) {
      return false;
    }
    TcpPeer sender = tcp.peer(Direction.ORIGINAL);
    sender.end = TcpSegment.end(packet);
    sender.maxWindow = Math.max(packet.tcpWindow(), 1);
    sender.maxEnd = sender.end + sender.maxWindow;
    trustBothEnds(tcp);
    return true;
  }

  /** Lets both ends through whatever their windows, because their scales were not seen. */
  static void trustBothEnds(TcpTracking tcp) {
    for (Direction direction : Direction.values()) {
      tcp.peer(direction).set(TcpPeer.SACK_PERMITTED | TcpPeer.LIBERAL);
    }
  }

  /** Both ends closed, or this end reset: a SYN may reopen the connection. */
  private boolean mayReopen(Direction direction) {
    return tcp.peer(Direction.ORIGINAL).has(TcpPeer.CLOSE_INITIATED)
        || tcp.peer(Direction.REPLY).has(TcpPeer.CLOSE_INITIATED)
        || (tcp.lastDirection == direction && tcp.lastSegment == TcpSegment.RST);
  }

  /** The two ends are in step while this table is not: follow them. */
  private boolean answersIgnoredSyn(Direction direction, TcpSegment segment, Packet packet) {
    return segment == TcpSegment.SYN_ACK
        && tcp.lastSegment == TcpSegment.SYN
        && tcp.lastDirection != direction
        && packet.tcpAcknowledgment() == tcp.lastEnd;
  }

  /** RFC 5961: the answer to a spurious SYN does not acknowledge the last FIN. */
  private boolean isChallengeAck(Direction direction, TcpSegment segment, TcpState old) {
    return old == TcpState.LAST_ACK
        && segment == TcpSegment.ACK
        && tcp.lastDirection != direction
        && tcp.lastSegment == TcpSegment.SYN
        && tcp.challengeAckExpected;
  }

  /** Both ends ended the connection out of the window: it need not last for days. */
  private void noteOutOfWindow(Connection connection, Direction direction, TcpSegment segment) {
    if (!connection.hasAny(ConnectionStatus.ASSURED)
        || connection.hasAny(ConnectionStatus.FIXED_TIMEOUT)
        || !endsConnection(segment)) {
      return;
    }
    if (tcp.lastDirection == direction || !endsConnection(tcp.lastSegment)) {
      tcp.lastSegment = segment;
      tcp.lastDirection = direction;
      return;
    }
    long leftNs = connection.expiresAtNs() - lifetimes.nowNs();
    long shorter = lifetimes.seconds(connection, Timeout.TCP_UNACKNOWLEDGED);
    if (leftNs >= SHRINK_FROM_NS && leftNs > shorter * VirtualClock.NS_PER_SECOND) {
      lifetimes.setTimeout(connection, shorter);
    }
  }

  private static boolean endsConnection(TcpSegment segment) {
    return segment == TcpSegment.RST || segment == TcpSegment.FIN;
  }

  /** Sets the status and the timeout after a good segment. */
  private void settle(
      Connection connection,
      TcpSegment segment,
      Packet packet,
      ConnectionState state,
      TcpState old) {
    long seconds = timeout(connection, segment);
    if (!connection.hasAny(ConnectionStatus.SEEN_REPLY)) {
      if ((packet.tcpFlags() & TcpFlags.RST) != 0) {
        lifetimes.count(connection, packet, state);
        tcp.store(connection);
        lifetimes.kill(connection);
        return;
      }
      if (segment == TcpSegment.SYN && old == TcpState.SYN_SENT) {
        return;
      }
      if (tcp.state == TcpState.ESTABLISHED) {
        seconds = Math.min(seconds, lifetimes.seconds(connection, Timeout.TCP_UNACKNOWLEDGED));
      }
    } else if ((old == TcpState.SYN_RECV || old == TcpState.ESTABLISHED)
        && tcp.state == TcpState.ESTABLISHED) {
      connection.set(ConnectionStatus.ASSURED);
    }
    lifetimes.refresh(connection, packet, state, seconds);
  }

  private long timeout(Connection connection, TcpSegment segment) {
    boolean unacknowledged =
        tcp.peer(Direction.ORIGINAL).has(TcpPeer.DATA_UNACKNOWLEDGED)
            || tcp.peer(Direction.REPLY).has(TcpPeer.DATA_UNACKNOWLEDGED);
    return timeouts.seconds(
        connection.timeouts(),
        tcp.state,
        segment,
        tcp.retransmissions,
        unacknowledged,
        tcp.lastWindow);
  }
}
