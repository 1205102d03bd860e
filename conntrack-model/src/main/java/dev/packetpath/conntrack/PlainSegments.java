package dev.packetpath.conntrack;

import dev.packetpath.core.packet.Packet;

/**
 * Follows the segments that an established TCP connection mostly sees, with ACK and without SYN,
 * FIN and RST, in the window: what {@link TcpTracker} and {@link TcpWindow} do for them, in a row
 * and without objects. The idea is header prediction's (Van Jacobson, 1990).
 *
 * <p>Hot: {@link #follow}. It does not allocate.
 */
final class PlainSegments {
  /** The segment is another, or its connection is in another state. */
  static final long OTHERWISE = -1;

  private static final int ESTABLISHED = TcpState.ESTABLISHED.ordinal();
  private static final int ACK = TcpSegment.ACK.ordinal() << TcpTracking.SEGMENT_SHIFT;
  private static final int ONCE = 1 << TcpTracking.RETRANSMISSIONS_SHIFT;
  private static final int RETRANSMISSIONS = 0xff << TcpTracking.RETRANSMISSIONS_SHIFT;
  private static final int OF_EITHER_END = 1 | 1 << TcpPeer.FLAG_BITS;

  private static final int REPEATED = 1;
  private static final int UNACKNOWLEDGED = 2;
  private static final int CLOSED_WINDOW = 4;

  private final int maxRepeats;

  /** The seconds that a connection lives on, by the sum of what of the three above is so. */
  private final long[] seconds = new long[REPEATED + UNACKNOWLEDGED + CLOSED_WINDOW + 1];

  PlainSegments(ConntrackSettings settings) {
    this.maxRepeats = settings.tcpMaxRetrans();
    TcpTimeouts timeouts = new TcpTimeouts(settings);
    for (int why = 0; why < seconds.length; why++) {
      seconds[why] =
          timeouts.seconds(
              TimeoutPolicy.NONE,
              TcpState.ESTABLISHED,
              TcpSegment.ACK,
              (why & REPEATED) != 0 ? maxRepeats : maxRepeats - 1,
              (why & UNACKNOWLEDGED) != 0,
              (why & CLOSED_WINDOW) != 0 ? 0 : 1);
    }
  }

  /**
   * Follows a segment with ACK and without SYN, FIN and RST, if its connection is established, has
   * seen segments of both ends, and the segment lies in the window; does nothing otherwise. NAT has
   * not moved the connection's sequence numbers, and its timeouts are the host's.
   *
   * @return for how many seconds the connection lives on, {@link #OTHERWISE} if nothing was done
   */
  long follow(int[] row, int base, Direction direction, Packet packet) {
    int reply = direction.ordinal();
    int sender = base + TcpTracking.PEERS + TcpPeer.INTS * reply;
    int receiver = base + TcpTracking.PEERS + TcpPeer.INTS - TcpPeer.INTS * reply;
    int shift = TcpPeer.FLAG_BITS * reply;
    int shiftOfReceiver = TcpPeer.FLAG_BITS - shift;

    // The ends of each stretch of ints first: then the others need no check of the array's length.
    int word = row[base + TcpTracking.WORDS];
    int lastEnd = row[base + TcpTracking.LAST + 2];
    int maxAck = row[sender + TcpPeer.MAX_ACK];
    int end = row[sender + TcpPeer.END];
    int maxWindowOfReceiver = row[receiver + TcpPeer.MAX_WINDOW];
    int endOfReceiver = row[receiver + TcpPeer.END];

    int flags = row[base + TcpTracking.FLAGS];
    int maxEnd = row[sender + TcpPeer.MAX_END];
    int maxWindow = row[sender + TcpPeer.MAX_WINDOW];
    int sequence = packet.tcpSequence();
    int segmentEnd = sequence + packet.payloadLength();
    int ack = packet.tcpAcknowledgment();
    boolean mayHaveSack = (flags >>> shiftOfReceiver & TcpPeer.SACK_PERMITTED) != 0;
    int sack = mayHaveSack ? TcpOptions.highestSack(packet.tcpOptions(), ack) : ack;
    if ((word & TcpTracking.STATE_MASK) != ESTABLISHED
        || maxWindow == 0
        || maxWindowOfReceiver == 0
        || !TcpWindow.isInside(
            end,
            maxEnd,
            maxWindow,
            endOfReceiver,
            maxWindowOfReceiver,
            sequence,
            segmentEnd,
            sack)) {
      return OTHERWISE;
    }
    int last = base + TcpTracking.LAST;
    int seen = reply * TcpTracking.REPLY | packet.tcpWindow() << TcpTracking.WINDOW_SHIFT;
    boolean repeated =
        lastEnd == segmentEnd
            && row[last] == sequence
            && row[last + 1] == ack
            && (word & (TcpTracking.REPLY | -1 << TcpTracking.WINDOW_SHIFT)) == seen;
    int repeats = repeated ? (word + ONCE) & RETRANSMISSIONS : 0;
    row[last] = sequence;
    row[last + 1] = ack;
    row[last + 2] = segmentEnd;
    row[base + TcpTracking.WORDS] = ESTABLISHED | ACK | seen | repeats;

    int window = packet.tcpWindow() << (flags >>> shift & TcpPeer.SCALE_MASK);
    int reach = window + (sack - ack);
    if (Integer.compareUnsigned(maxWindow, reach) < 0) {
      row[sender + TcpPeer.MAX_WINDOW] = reach;
    }
    if (TcpWindow.after(segmentEnd, end)) {
      row[sender + TcpPeer.END] = segmentEnd;
      flags |= TcpPeer.DATA_UNACKNOWLEDGED << shift;
    }
    if ((flags >>> shift & TcpPeer.MAX_ACK_SET) == 0 || TcpWindow.after(ack, maxAck)) {
      row[sender + TcpPeer.MAX_ACK] = ack;
      flags |= TcpPeer.MAX_ACK_SET << shift;
    }
    if (TcpWindow.after(segmentEnd, maxEnd)) {
      row[receiver + TcpPeer.MAX_WINDOW] = maxWindowOfReceiver + segmentEnd - maxEnd;
    }
    if (TcpWindow.after(sack + window, row[receiver + TcpPeer.MAX_END] - 1)) {
      row[receiver + TcpPeer.MAX_END] = sack + window + (window == 0 ? 1 : 0);
    }
    if (ack == endOfReceiver) {
      flags &= ~(TcpPeer.DATA_UNACKNOWLEDGED << shiftOfReceiver);
    }
    row[base + TcpTracking.FLAGS] = flags;
    boolean unacknowledged = (flags & OF_EITHER_END * TcpPeer.DATA_UNACKNOWLEDGED) != 0;
    return seconds[
        (repeats >>> TcpTracking.RETRANSMISSIONS_SHIFT >= maxRepeats ? REPEATED : 0)
            | (unacknowledged ? UNACKNOWLEDGED : 0)
            | (packet.tcpWindow() == 0 ? CLOSED_WINDOW : 0)];
  }
}
