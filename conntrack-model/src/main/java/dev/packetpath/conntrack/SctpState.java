package dev.packetpath.conntrack;

/**
 * The states of a tracked SCTP association ({@code enum sctp_conntrack},
 * include/uapi/linux/netfilter/nf_conntrack_sctp.h, Linux 6.1), in the kernel's order.
 */
enum SctpState {
  NONE(Timeout.SCTP_CLOSED),
  CLOSED(Timeout.SCTP_CLOSED),
  COOKIE_WAIT(Timeout.SCTP_COOKIE_WAIT),
  COOKIE_ECHOED(Timeout.SCTP_COOKIE_ECHOED),
  ESTABLISHED(Timeout.SCTP_ESTABLISHED),
  SHUTDOWN_SENT(Timeout.SCTP_SHUTDOWN_SENT),
  SHUTDOWN_RECD(Timeout.SCTP_SHUTDOWN_RECD),
  SHUTDOWN_ACK_SENT(Timeout.SCTP_SHUTDOWN_ACK_SENT),
  HEARTBEAT_SENT(Timeout.SCTP_HEARTBEAT_SENT),
  /** The chunk is not part of the association; only an answer of the transition table. */
  INVALID(Timeout.SCTP_CLOSED);

  private final Timeout timeout;

  SctpState(Timeout timeout) {
    this.timeout = timeout;
  }

  Timeout timeout() {
    return timeout;
  }

  /** Returns whether the association is being closed, so that it may be dropped early. */
  boolean isClosing() {
    return switch (this) {
      case SHUTDOWN_SENT, SHUTDOWN_RECD, SHUTDOWN_ACK_SENT -> true;
      default -> false;
    };
  }
}
