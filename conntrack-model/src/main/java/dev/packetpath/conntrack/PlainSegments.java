package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.packet.Packet;

/**
 * Follows the segments that an established TCP connection mostly sees, with ACK and without SYN,
 * FIN and RST, in the window: what {@link TcpTracker} and {@link TcpWindow} do for them, in a row
 * and without objects. The idea is header prediction's (Van Jacobson, 1990).
 *
 * <p>Hot: {@link #fits}, {@link #note}. They do not allocate.
 */
final class PlainSegments {
  private static final int ESTABLISHED = TcpState.ESTABLISHED.ordinal();
  private static final int ACK = TcpSegment.ACK.ordinal() << TcpTracking.SEGMENT_SHIFT;
  private static final int ONCE = 1 << TcpTracking.RETRANSMISSIONS_SHIFT;
  private static final int RETRANSMISSIONS = 0xff << TcpTracking.RETRANSMISSIONS_SHIFT;
  private static final int OF_EITHER_END = 1 | 1 << TcpPeer.FLAG_BITS;

  private static final int REPEATED = 1;
  private static final int UNACKNOWLEDGED = 2;
  private static final int CLOSED_WINDOW = 4;

  private final int maxRepeats;

  /** How many nanoseconds a connection lives on, by the sum of what of the three above is so. */
  private final long[] lifetimesNs = new long[REPEATED + UNACKNOWLEDGED + CLOSED_WINDOW + 1];

  PlainSegments(ConntrackSettings settings) {
    this.maxRepeats = settings.tcpMaxRetrans();
    TcpTimeouts timeouts = new TcpTimeouts(settings);
    for (int why = 0; why < lifetimesNs.length; why++) {
      lifetimesNs[why] =
          VirtualClock.NS_PER_SECOND
              * timeouts.seconds(
                  TimeoutPolicy.NONE,
                  TcpState.ESTABLISHED,
                  TcpSegment.ACK,
                  (why & REPEATED) != 0 ? maxRepeats : maxRepeats - 1,
                  (why & UNACKNOWLEDGED) != 0,
                  (why & CLOSED_WINDOW) != 0 ? 0 : 1);
    }
  }

  /**
   * Returns the highest acknowledgment of a segment with ACK, a selective one's included if the
   * other end permits those.
   *
   * @param direction the bit of the segment's direction
   */
  static int sack(int[] row, int base, int direction, Packet packet) {
    int ofReceiver = row[base + TcpTracking.FLAGS] >>> shift(1 - direction);
    int ack = packet.tcpAcknowledgment();
    return (ofReceiver & TcpPeer.SACK_PERMITTED) != 0
        ? TcpOptions.highestSack(packet.tcpOptions(), ack)
        : ack;
  }

  /**
   * Returns whether a connection is established, has seen segments of both ends, and a segment with
   * ACK and without SYN, FIN and RST lies in its window. Only for connections whose sequence
   * numbers NAT has not moved.
   *
   * @param direction the bit of the segment's direction
   * @param sack what {@link #sack} returns
   */
  static boolean fits(int[] row, int base, int direction, Packet packet, int sack) {
    int sender = peer(base, direction);
    int receiver = peer(base, 1 - direction);
    int word = row[base + TcpTracking.WORDS];
    int maxWindow = row[sender + TcpPeer.MAX_WINDOW];
    int maxWindowOfReceiver = row[receiver + TcpPeer.MAX_WINDOW];
    int sequence = packet.tcpSequence();
    return (word & TcpTracking.STATE_MASK) == ESTABLISHED
        && maxWindow != 0
        && maxWindowOfReceiver != 0
        && TcpWindow.isInside(
            row[sender + TcpPeer.END],
            row[sender + TcpPeer.MAX_END],
            maxWindow,
            row[receiver + TcpPeer.END],
            maxWindowOfReceiver,
            sequence,
            sequence + packet.payloadLength(),
            sack);
  }

  private static int peer(int base, int direction) {
    return base + TcpTracking.PEERS + TcpPeer.INTS * direction;
  }

  private static int shift(int direction) {
    return TcpPeer.FLAG_BITS * direction;
  }

  /**
   * Notes a segment that {@link #fits}; only for connections whose timeouts are the host's.
   *
   * @param direction the bit of the segment's direction
   * @param sack what {@link #sack} returns
   * @return for how many nanoseconds the connection lives on
   */
  long note(int[] row, int base, int direction, Packet packet, int sack) {
    int sender = peer(base, direction);
    int receiver = peer(base, 1 - direction);
    int segmentEnd = packet.tcpSequence() + packet.payloadLength();
    int ack = packet.tcpAcknowledgment();
    int flags = row[base + TcpTracking.FLAGS];
    int shift = shift(direction);
    int window = packet.tcpWindow() << (flags >>> shift & TcpPeer.SCALE_MASK);
    int reach = window + (sack - ack);
    if (Integer.compareUnsigned(row[sender + TcpPeer.MAX_WINDOW], reach) < 0) {
      row[sender + TcpPeer.MAX_WINDOW] = reach;
    }
    if (TcpWindow.after(segmentEnd, row[sender + TcpPeer.END])) {
      row[sender + TcpPeer.END] = segmentEnd;
      flags |= TcpPeer.DATA_UNACKNOWLEDGED << shift;
    }
    if ((flags >>> shift & TcpPeer.MAX_ACK_SET) == 0
        || TcpWindow.after(ack, row[sender + TcpPeer.MAX_ACK])) {
      row[sender + TcpPeer.MAX_ACK] = ack;
      flags |= TcpPeer.MAX_ACK_SET << shift;
    }
    int maxEnd = row[sender + TcpPeer.MAX_END];
    if (TcpWindow.after(segmentEnd, maxEnd)) {
      row[receiver + TcpPeer.MAX_WINDOW] += segmentEnd - maxEnd;
    }
    if (TcpWindow.after(sack + window, row[receiver + TcpPeer.MAX_END] - 1)) {
      row[receiver + TcpPeer.MAX_END] = sack + window + (window == 0 ? 1 : 0);
    }
    if (ack == row[receiver + TcpPeer.END]) {
      flags &= ~(TcpPeer.DATA_UNACKNOWLEDGED << shift(1 - direction));
    }
    row[base + TcpTracking.FLAGS] = flags;
    return lifetimeNs(flags, packet, noteLast(row, base, direction, segmentEnd, packet));
  }

  private long lifetimeNs(int flags, Packet packet, int repeated) {
    boolean unacknowledged = (flags & OF_EITHER_END * TcpPeer.DATA_UNACKNOWLEDGED) != 0;
    return lifetimesNs[
        repeated
            | (unacknowledged ? UNACKNOWLEDGED : 0)
            | (packet.tcpWindow() == 0 ? CLOSED_WINDOW : 0)];
  }

  /** Notes the last segment; returns {@link #REPEATED} if it came too often, 0 if not. */
  private int noteLast(int[] row, int base, int direction, int segmentEnd, Packet packet) {
    int last = base + TcpTracking.LAST;
    int word = row[base + TcpTracking.WORDS];
    int seen = direction * TcpTracking.REPLY | packet.tcpWindow() << TcpTracking.WINDOW_SHIFT;
    int differing =
        (row[last] ^ packet.tcpSequence())
            | (row[last + 1] ^ packet.tcpAcknowledgment())
            | (row[last + 2] ^ segmentEnd)
            | ((word ^ seen) & (TcpTracking.REPLY | -1 << TcpTracking.WINDOW_SHIFT));
    int repeats = differing == 0 ? (word + ONCE) & RETRANSMISSIONS : 0;
    row[last] = packet.tcpSequence();
    row[last + 1] = packet.tcpAcknowledgment();
    row[last + 2] = segmentEnd;
    row[base + TcpTracking.WORDS] = ESTABLISHED | ACK | seen | repeats;
    return repeats >>> TcpTracking.RETRANSMISSIONS_SHIFT >= maxRepeats ? REPEATED : 0;
  }
}
