package dev.packetpath.conntrack;

/**
 * Judges the verification tag of heartbeats, by which a restarted peer makes itself known
 * (nf_conntrack_sctp_packet, Linux 6.1).
 */
final class SctpHeartbeat {
  /** What becomes of a heartbeat. */
  enum Judgement {
    /** It changes the association as any chunk does. */
    COUNTS,
    /** It passes and changes nothing. */
    PASSES_ONLY,
    /** It is not part of the association. */
    INVALID
  }

  private SctpHeartbeat() {}

  /**
   * Returns what becomes of a chunk; any that is no heartbeat counts.
   *
   * @param strict whether a wrong tag is never forgiven
   */
  static Judgement judge(
      SctpTracking sctp, SctpChunk chunk, Direction direction, int tag, boolean strict) {
    boolean heartbeat = chunk.type() == SctpChunk.HEARTBEAT;
    if (!heartbeat && chunk.type() != SctpChunk.HEARTBEAT_ACK) {
      return Judgement.COUNTS;
    }
    if (sctp.tag(direction) == 0) {
      sctp.tag(direction, tag);
      return Judgement.COUNTS;
    }
    if (sctp.tag(direction) == tag) {
      sctp.heartbeatTagFailed = false;
      return Judgement.COUNTS;
    }
    if (strict) {
      return Judgement.INVALID;
    }
    if (heartbeat) {
      sctp.heartbeatTagFailed = true;
      sctp.heartbeatFailedIn = direction;
      return Judgement.PASSES_ONLY;
    }
    if (!sctp.heartbeatTagFailed || sctp.heartbeatFailedIn == direction) {
      return Judgement.INVALID;
    }
    sctp.heartbeatTagFailed = false;
    sctp.tag(direction, tag);
    sctp.tag(direction.opposite(), 0);
    return Judgement.COUNTS;
  }
}
