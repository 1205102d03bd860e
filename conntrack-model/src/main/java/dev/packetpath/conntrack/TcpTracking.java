package dev.packetpath.conntrack;

import dev.packetpath.core.packet.Packet;

/**
 * What the TCP tracker remembers of a connection ({@code struct ip_ct_tcp}, Linux 6.1): taken out
 * of the connection's row for a packet, and put back after it.
 */
final class TcpTracking {
  static final int WORDS = EntryRow.TRACKING;
  static final int FLAGS = WORDS + 1;
  static final int PEERS = WORDS + 2;
  static final int LAST = PEERS + 2 * TcpPeer.INTS;

  static final int STATE_MASK = 0xf;
  static final int SEGMENT_SHIFT = 4;
  static final int REPLY = 1 << 7;
  static final int RETRANSMISSIONS_SHIFT = 8;
  static final int WINDOW_SHIFT = 16;

  /** What is remembered of the window of the last segment before one was. */
  static final int NO_WINDOW = 0;

  private static final int CHALLENGE_ACK = 1 << 30;
  private static final int SIMULTANEOUS = 1 << 31;

  private static final TcpState[] STATES = TcpState.values();
  private static final TcpSegment[] SEGMENTS = TcpSegment.values();

  private final TcpPeer original = new TcpPeer();
  private final TcpPeer reply = new TcpPeer();

  TcpState state = TcpState.NONE;

  /** The last segment in the window, or ignored. */
  TcpSegment lastSegment = TcpSegment.NONE;

  Direction lastDirection = Direction.ORIGINAL;
  int lastSequence;
  int lastAck;
  int lastEnd;

  /** The window of the last segment as it stands in the header, 0 to 65535. */
  int lastWindow;

  /** What the options of an ignored SYN offered. */
  final TcpPeer lastOffer = new TcpPeer();

  /** How NAT moved the sequence numbers; not kept in the row. */
  SequenceOffsets offsets = SequenceOffsets.NONE;

  boolean challengeAckExpected;
  boolean simultaneousOpen;

  /** How often the last segment was repeated, modulo 256 as the kernel counts. */
  int retransmissions;

  TcpPeer peer(Direction direction) {
    return direction == Direction.ORIGINAL ? original : reply;
  }

  /** Returns the state of a connection. */
  static TcpState stateOf(Connection connection) {
    return STATES[connection.word(WORDS) & STATE_MASK];
  }

  /**
   * Notes in a connection's row, which is blank, the SYN that opens the connection (tcp_new and
   * tcp_in_window), and counts it: the same as {@link #load}, {@link TcpWindow#judge} and {@link
   * #store}, in a third of the time.
   */
  void open(Connection connection, Packet packet) {
    int[] row = connection.row();
    int base = connection.base();
    int end = TcpSegment.end(packet);
    int window = Math.max(packet.tcpWindow(), 1);
    row[base + WORDS] = TcpState.SYN_SENT.ordinal() | TcpSegment.SYN.ordinal() << SEGMENT_SHIFT;
    original.flags(0);
    original.readOptions(packet.tcpOptions());
    row[base + FLAGS] = original.flags();
    int sender = base + PEERS;
    row[sender + TcpPeer.END] = end;
    row[sender + TcpPeer.MAX_END] = end;
    row[sender + TcpPeer.MAX_WINDOW] = window;
    row[sender + TcpPeer.INTS + TcpPeer.MAX_END] = window;
    if ((row[base + EntryRow.KIND] & EntryKind.ACCOUNTED) != 0) {
      EntryRow.countFirst(row, base, packet.length());
    }
  }

  /** Takes over what a connection's row holds. */
  void load(Connection connection) {
    int[] row = connection.row();
    int base = connection.base();
    int word = row[base + WORDS];
    state = STATES[word & STATE_MASK];
    lastSegment = SEGMENTS[word >>> SEGMENT_SHIFT & 7];
    lastDirection = (word & REPLY) == 0 ? Direction.ORIGINAL : Direction.REPLY;
    retransmissions = word >>> RETRANSMISSIONS_SHIFT & 0xff;
    lastWindow = word >>> WINDOW_SHIFT;
    int flags = row[base + FLAGS];
    original.load(row, base + PEERS, flags);
    reply.load(row, base + PEERS + TcpPeer.INTS, flags >>> TcpPeer.FLAG_BITS);
    lastOffer.flags(flags >>> (2 * TcpPeer.FLAG_BITS));
    challengeAckExpected = (flags & CHALLENGE_ACK) != 0;
    simultaneousOpen = (flags & SIMULTANEOUS) != 0;
    offsets =
        connection.hasAny(ConnectionStatus.SEQ_ADJUST)
            ? connection.offsets()
            : SequenceOffsets.NONE;
    lastSequence = row[base + LAST];
    lastAck = row[base + LAST + 1];
    lastEnd = row[base + LAST + 2];
  }

  /** Puts all into a connection's row. */
  void store(Connection connection) {
    int[] row = connection.row();
    int base = connection.base();
    row[base + WORDS] =
        state.ordinal()
            | lastSegment.ordinal() << SEGMENT_SHIFT
            | (lastDirection == Direction.REPLY ? REPLY : 0)
            | (retransmissions & 0xff) << RETRANSMISSIONS_SHIFT
            | lastWindow << WINDOW_SHIFT;
    row[base + FLAGS] =
        original.flags()
            | reply.flags() << TcpPeer.FLAG_BITS
            | lastOffer.flags() << (2 * TcpPeer.FLAG_BITS)
            | (challengeAckExpected ? CHALLENGE_ACK : 0)
            | (simultaneousOpen ? SIMULTANEOUS : 0);
    original.store(row, base + PEERS);
    reply.store(row, base + PEERS + TcpPeer.INTS);
    row[base + LAST] = lastSequence;
    row[base + LAST + 1] = lastAck;
    row[base + LAST + 2] = lastEnd;
  }
}
