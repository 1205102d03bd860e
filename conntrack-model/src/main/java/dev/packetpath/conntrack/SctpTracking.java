package dev.packetpath.conntrack;

/**
 * What the SCTP tracker remembers of an association ({@code struct ip_ct_sctp}, Linux 6.1): taken
 * out of the connection's row for a packet, and put back after it.
 */
final class SctpTracking {
  private static final int WORDS = EntryRow.TRACKING;
  private static final int STATE_MASK = 0xf;
  private static final int INIT_SEEN = 1 << 4; // and the next bit for the reply
  private static final int HEARTBEAT_FAILED = 1 << 6;
  private static final int FAILED_IN_REPLY = 1 << 7;
  private static final SctpState[] STATES = SctpState.values();

  private final int[] tags = new int[2];
  private final boolean[] initSeen = new boolean[2];

  SctpState state = SctpState.NONE;
  boolean heartbeatTagFailed;
  Direction heartbeatFailedIn = Direction.ORIGINAL;

  /** Returns the verification tag that packets of a direction carry, 0 if it is not known. */
  int tag(Direction direction) {
    return tags[direction.ordinal()];
  }

  void tag(Direction direction, int tag) {
    tags[direction.ordinal()] = tag;
  }

  /** Notes an INIT. Of two that cross, each end's own counts; a third begins anew. */
  void noteInit(Direction direction, int initiateTag) {
    if (initSeen(direction) && initSeen(direction.opposite())) {
      initSeen[direction.opposite().ordinal()] = false;
    }
    initSeen[direction.ordinal()] = true;
    tag(direction.opposite(), initiateTag);
  }

  /** Notes an INIT ACK; returns false if it does not belong to the association. */
  boolean noteInitAck(Direction direction, int initiateTag) {
    int known = tag(direction.opposite());
    boolean answered = initSeen(direction.opposite());
    if (known != initiateTag && (answered ? initSeen(direction) : known != 0)) {
      return false;
    }
    tag(direction.opposite(), initiateTag);
    return true;
  }

  /** Notes that the handshake is over. */
  void noteCookieAck() {
    initSeen[0] = false;
    initSeen[1] = false;
  }

  private boolean initSeen(Direction direction) {
    return initSeen[direction.ordinal()];
  }

  /** Returns the state of a connection. */
  static SctpState stateOf(Connection connection) {
    return STATES[connection.word(WORDS) & STATE_MASK];
  }

  /** Takes over what a connection's row holds. */
  void load(Connection connection) {
    int word = connection.word(WORDS);
    state = STATES[word & STATE_MASK];
    initSeen[0] = (word & INIT_SEEN) != 0;
    initSeen[1] = (word & INIT_SEEN << 1) != 0;
    heartbeatTagFailed = (word & HEARTBEAT_FAILED) != 0;
    heartbeatFailedIn = (word & FAILED_IN_REPLY) == 0 ? Direction.ORIGINAL : Direction.REPLY;
    tags[0] = connection.word(WORDS + 1);
    tags[1] = connection.word(WORDS + 2);
  }

  /** Puts all into a connection's row. */
  void store(Connection connection) {
    connection.word(
        WORDS,
        state.ordinal()
            | (initSeen[0] ? INIT_SEEN : 0)
            | (initSeen[1] ? INIT_SEEN << 1 : 0)
            | (heartbeatTagFailed ? HEARTBEAT_FAILED : 0)
            | (heartbeatFailedIn == Direction.REPLY ? FAILED_IN_REPLY : 0));
    connection.word(WORDS + 1, tags[0]);
    connection.word(WORDS + 2, tags[1]);
  }
}
