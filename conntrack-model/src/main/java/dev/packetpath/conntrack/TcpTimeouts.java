package dev.packetpath.conntrack;

/**
 * How long a TCP connection lives on after a good segment (nf_conntrack_tcp_packet in
 * net/netfilter/nf_conntrack_proto_tcp.c, Linux 6.1).
 */
final class TcpTimeouts {
  private final ConntrackSettings settings;

  TcpTimeouts(ConntrackSettings settings) {
    this.settings = settings;
  }

  /**
   * Returns the seconds until a connection ends.
   *
   * @param policy timeouts of its own
   * @param state its state after the segment
   * @param repeats how often the last segment was repeated
   * @param unacknowledged whether data of either end is not acknowledged yet
   * @param window the window of the last segment as it stands in the header
   */
  long seconds(
      TimeoutPolicy policy,
      TcpState state,
      TcpSegment segment,
      int repeats,
      boolean unacknowledged,
      int window) {
    long ofState = policy.seconds(state.timeout(), settings);
    if (repeats >= settings.tcpMaxRetrans()
        && ofState > policy.seconds(Timeout.TCP_MAX_RETRANS, settings)) {
      return policy.seconds(Timeout.TCP_MAX_RETRANS, settings);
    }
    if (segment == TcpSegment.RST) {
      return policy.seconds(Timeout.TCP_CLOSE, settings);
    }
    if (unacknowledged && ofState > policy.seconds(Timeout.TCP_UNACKNOWLEDGED, settings)) {
      return policy.seconds(Timeout.TCP_UNACKNOWLEDGED, settings);
    }
    return window == 0
        ? Math.min(ofState, policy.seconds(Timeout.TCP_MAX_RETRANS, settings))
        : ofState;
  }
}
