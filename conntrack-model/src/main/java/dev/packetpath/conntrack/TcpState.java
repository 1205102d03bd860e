package dev.packetpath.conntrack;

/**
 * The states of a tracked TCP connection ({@code enum tcp_conntrack},
 * include/uapi/linux/netfilter/nf_conntrack_tcp.h, Linux 6.1), in the kernel's order.
 */
enum TcpState {
  NONE(Timeout.TCP_SYN_SENT),
  SYN_SENT(Timeout.TCP_SYN_SENT),
  SYN_RECV(Timeout.TCP_SYN_RECV),
  ESTABLISHED(Timeout.TCP_ESTABLISHED),
  FIN_WAIT(Timeout.TCP_FIN_WAIT),
  CLOSE_WAIT(Timeout.TCP_CLOSE_WAIT),
  LAST_ACK(Timeout.TCP_LAST_ACK),
  TIME_WAIT(Timeout.TCP_TIME_WAIT),
  CLOSE(Timeout.TCP_CLOSE),
  SYN_SENT2(Timeout.TCP_SYN_SENT2),
  /** The packet passes and changes nothing; only an answer of the transition table. */
  IGNORED(Timeout.TCP_SYN_SENT),
  /** The packet is not part of the connection; only an answer of the transition table. */
  INVALID(Timeout.TCP_SYN_SENT);

  private final Timeout timeout;

  TcpState(Timeout timeout) {
    this.timeout = timeout;
  }

  Timeout timeout() {
    return timeout;
  }

  /** Returns whether the connection is being closed, so that it may be dropped early. */
  boolean isClosing() {
    return switch (this) {
      case FIN_WAIT, CLOSE_WAIT, LAST_ACK, TIME_WAIT, CLOSE -> true;
      default -> false;
    };
  }
}
