package dev.packetpath.conntrack;

/** What the TCP tracker remembers of a connection ({@code struct ip_ct_tcp}, Linux 6.1). */
final class TcpTracking extends Tracking {
  private final TcpPeer original = new TcpPeer();
  private final TcpPeer reply = new TcpPeer();

  TcpState state = TcpState.NONE;

  /** The last segment in the window, or ignored. */
  TcpSegment lastSegment = TcpSegment.NONE;

  Direction lastDirection = Direction.ORIGINAL;
  int lastSequence;
  int lastAck;
  int lastEnd;

  /** The window of the last segment as it stands in the header. */
  int lastWindow;

  /** What the options of an ignored SYN offered. */
  final TcpPeer lastOffer = new TcpPeer();

  boolean challengeAckExpected;
  boolean simultaneousOpen;
  int retransmissions;

  TcpPeer peer(Direction direction) {
    return direction == Direction.ORIGINAL ? original : reply;
  }

  @Override
  String stateName() {
    return state.name();
  }
}
