package dev.packetpath.conntrack;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;

/**
 * Judges whether a segment lies in the window, after Guido van Rooij: Real Stateful TCP Packet
 * Filtering in IP Filter (tcp_in_window in net/netfilter/nf_conntrack_proto_tcp.c, Linux 6.1).
 *
 * <p>With S the sender and R the receiver, a good segment has (I) seq ≤ S.maxEnd, (II) end ≥ S.end
 * − R.maxWindow, (III) sack ≤ R.end and (IV) sack ≥ R.end − max(S.maxWindow, 66000).
 */
final class TcpWindow {
  /** What the window says of a segment. */
  enum Judgement {
    /** Good, and noted. */
    IN_WINDOW,
    /** Passes, but nothing is noted. */
    IGNORED,
    /** Not part of the connection. */
    INVALID
  }

  private static final int MAX_ACK_WINDOW = 66_000;

  private final boolean beLiberal;

  TcpWindow(boolean beLiberal) {
    this.beLiberal = beLiberal;
  }

  /** Judges a segment and notes it if it is good. */
  Judgement judge(TcpTracking tcp, Direction direction, TcpSegment kind, Packet packet) {
    TcpPeer sender = tcp.peer(direction);
    TcpPeer receiver = tcp.peer(direction.opposite());
    int flags = packet.tcpFlags();
    boolean syn = (flags & TcpFlags.SYN) != 0;
    boolean hasAck = (flags & TcpFlags.ACK) != 0;
    int sequence = packet.tcpSequence();
    int end = TcpSegment.end(packet);
    int ack = packet.tcpAcknowledgment();
    int sack =
        receiver.has(TcpPeer.SACK_PERMITTED)
            ? TcpOptions.highestSack(packet.tcpOptions(), ack)
            : ack;
    int moved = tcp.offsets.of(direction.opposite()).at(ack - 1);
    ack -= moved;
    sack -= moved;

    if (sender.maxWindow == 0) {
      if (syn) {
        begin(sender, receiver, packet, direction);
        if (!hasAck) {
          return Judgement.IN_WINDOW;
        }
      } else {
        pickUp(sender, receiver, packet, sack);
      }
    } else if (syn && after(end, sender.end) && isOpening(tcp.state)) {
      begin(sender, receiver, packet, direction);
      if (direction == Direction.REPLY && !hasAck) {
        return Judgement.IN_WINDOW;
      }
    }

    boolean rst = (flags & TcpFlags.RST) != 0;
    if (!hasAck || (rst && ack == 0)) {
      ack = receiver.end;
      sack = ack;
    }
    if (rst && sequence == 0 && tcp.state == TcpState.SYN_SENT) {
      sequence = sender.end;
      end = sequence;
    }
    Judgement judgement = bounds(sender, receiver, sequence, end, sack);
    if (judgement != Judgement.IN_WINDOW) {
      return sender.has(TcpPeer.LIBERAL) || beLiberal ? Judgement.IN_WINDOW : judgement;
    }
    int window = syn ? packet.tcpWindow() : packet.tcpWindow() << sender.scale();
    note(sender, receiver, hasAck, ack, sack, end, window);
    if (kind == TcpSegment.ACK) {
      noteRepeat(tcp, direction, sequence, ack, end, packet.tcpWindow());
    }
    return Judgement.IN_WINDOW;
  }

  private static boolean isOpening(TcpState state) {
    return state == TcpState.SYN_SENT || state == TcpState.SYN_RECV;
  }

  /** Takes a SYN or a SYN/ACK as the first segment of its sender. */
  private static void begin(TcpPeer sender, TcpPeer receiver, Packet packet, Direction direction) {
    sender.end = TcpSegment.end(packet);
    sender.maxEnd = sender.end;
    sender.maxWindow = Math.max(packet.tcpWindow(), 1);
    sender.readOptions(packet.tcpOptions());
    if (direction == Direction.REPLY
        && !(sender.has(TcpPeer.WINDOW_SCALE) && receiver.has(TcpPeer.WINDOW_SCALE))) {
      sender.scale(0);
      receiver.scale(0);
    }
  }

  /** Takes a segment from the middle of a connection as the first that was seen of its sender. */
  private static void pickUp(TcpPeer sender, TcpPeer receiver, Packet packet, int sack) {
    sender.end = TcpSegment.end(packet);
    sender.maxWindow = Math.max(packet.tcpWindow() << sender.scale(), 1);
    sender.maxEnd = sender.end + sender.maxWindow;
    if (receiver.maxWindow == 0) {
      receiver.end = sack;
      receiver.maxEnd = sack;
    } else if (sack == receiver.end + 1) {
      receiver.end++; // the answer to a keepalive probe
    }
  }

  private static Judgement bounds(
      TcpPeer sender, TcpPeer receiver, int sequence, int end, int sack) {
    if (isInside(
        sender.end,
        sender.maxEnd,
        sender.maxWindow,
        receiver.end,
        receiver.maxWindow,
        sequence,
        end,
        sack)) {
      return Judgement.IN_WINDOW;
    }
    boolean sackNotOverEnd = before(sack, receiver.end + 1);
    if (!before(sequence, sender.maxEnd + 1)) {
      int overshot = end - sender.maxEnd + 1;
      if (receiver.maxWindow != 0
          && after(end, sender.end - receiver.maxWindow - 1)
          && isNotTooOld(sack, sender.maxWindow, receiver.end)
          && sackNotOverEnd
          && Integer.compareUnsigned(overshot, receiver.maxWindow) <= 0) {
        sender.end = end;
        sender.set(TcpPeer.DATA_UNACKNOWLEDGED);
        return Judgement.IGNORED;
      }
      return Judgement.INVALID;
    }
    return sackNotOverEnd ? Judgement.IGNORED : Judgement.INVALID;
  }

  /**
   * Returns whether a segment lies in the window: its sender's highest end, the end that its
   * receiver allows and its largest window; its receiver's highest end and largest window; its own
   * numbers.
   */
  static boolean isInside(
      int end,
      int maxEnd,
      int maxWindow,
      int endOfReceiver,
      int maxWindowOfReceiver,
      int sequence,
      int segmentEnd,
      int sack) {
    int starts = sequence - (maxEnd + 1);
    int ends = end - maxWindowOfReceiver - 1 - segmentEnd;
    int acks = sack - (endOfReceiver + 1);
    int acksBefore = endOfReceiver - ackWindow(maxWindow) - 1 - sack;
    // All are negative: one test instead of four.
    return (starts & (maxWindowOfReceiver == 0 ? -1 : ends) & acks & acksBefore) < 0;
  }

  private static boolean isNotTooOld(int sack, int maxWindow, int endOfReceiver) {
    return after(sack, endOfReceiver - ackWindow(maxWindow) - 1);
  }

  private static int ackWindow(int maxWindow) {
    return Integer.compareUnsigned(maxWindow, MAX_ACK_WINDOW) > 0 ? maxWindow : MAX_ACK_WINDOW;
  }

  private static void note(
      TcpPeer sender, TcpPeer receiver, boolean hasAck, int ack, int sack, int end, int window) {
    int reach = window + (sack - ack);
    if (Integer.compareUnsigned(sender.maxWindow, reach) < 0) {
      sender.maxWindow = reach;
    }
    if (after(end, sender.end)) {
      sender.end = end;
      sender.set(TcpPeer.DATA_UNACKNOWLEDGED);
    }
    if (hasAck && (!sender.has(TcpPeer.MAX_ACK_SET) || after(ack, sender.maxAck))) {
      sender.maxAck = ack;
      sender.set(TcpPeer.MAX_ACK_SET);
    }
    if (receiver.maxWindow != 0 && after(end, sender.maxEnd)) {
      receiver.maxWindow += end - sender.maxEnd;
    }
    if (after(sack + window, receiver.maxEnd - 1)) {
      receiver.maxEnd = sack + window + (window == 0 ? 1 : 0);
    }
    if (ack == receiver.end) {
      receiver.clear(TcpPeer.DATA_UNACKNOWLEDGED);
    }
  }

  private static void noteRepeat(
      TcpTracking tcp, Direction direction, int sequence, int ack, int end, int window) {
    if (tcp.lastDirection == direction
        && tcp.lastSequence == sequence
        && tcp.lastAck == ack
        && tcp.lastEnd == end
        && tcp.lastWindow == window) {
      tcp.retransmissions = (tcp.retransmissions + 1) & 0xff;
      return;
    }
    tcp.lastDirection = direction;
    tcp.lastSequence = sequence;
    tcp.lastAck = ack;
    tcp.lastEnd = end;
    tcp.lastWindow = window;
    tcp.retransmissions = 0;
  }

  static boolean before(int a, int b) {
    return a - b < 0;
  }

  static boolean after(int a, int b) {
    return b - a < 0;
  }
}
