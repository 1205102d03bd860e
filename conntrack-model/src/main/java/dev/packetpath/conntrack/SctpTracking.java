package dev.packetpath.conntrack;

/** What the SCTP tracker remembers of an association ({@code struct ip_ct_sctp}, Linux 6.1). */
final class SctpTracking extends Tracking {
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

  @Override
  String stateName() {
    return state.name();
  }
}
