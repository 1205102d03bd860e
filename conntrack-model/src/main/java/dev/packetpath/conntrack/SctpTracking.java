package dev.packetpath.conntrack;

/** What the SCTP tracker remembers of an association ({@code struct ip_ct_sctp}, Linux 6.1). */
final class SctpTracking extends Tracking {
  private final int[] tags = new int[2];

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

  @Override
  String stateName() {
    return state.name();
  }
}
