package dev.packetpath.conntrack;

/**
 * The timeouts of connection tracking with their setting's name and the kernel's default
 * (net/netfilter/nf_conntrack_proto*.c, Linux 6.1).
 */
public enum Timeout {
  /** SYN seen. */
  TCP_SYN_SENT("tcp_timeout_syn_sent", 120),
  /** SYN and SYN/ACK seen. */
  TCP_SYN_RECV("tcp_timeout_syn_recv", 60),
  /** Handshake complete. */
  TCP_ESTABLISHED("tcp_timeout_established", 432_000),
  /** First FIN seen. */
  TCP_FIN_WAIT("tcp_timeout_fin_wait", 120),
  /** First FIN acknowledged. */
  TCP_CLOSE_WAIT("tcp_timeout_close_wait", 60),
  /** Second FIN seen. */
  TCP_LAST_ACK("tcp_timeout_last_ack", 30),
  /** Second FIN acknowledged. */
  TCP_TIME_WAIT("tcp_timeout_time_wait", 120),
  /** Reset. */
  TCP_CLOSE("tcp_timeout_close", 10),
  /** SYN seen from both sides; not a setting of its own. */
  TCP_SYN_SENT2("", 120),
  /** The same segment came too often. */
  TCP_MAX_RETRANS("tcp_timeout_max_retrans", 300),
  /** Data is not acknowledged. */
  TCP_UNACKNOWLEDGED("tcp_timeout_unacknowledged", 300),
  /** UDP without reply, or short of a stream. */
  UDP("udp_timeout", 30),
  /** UDP that lasts. */
  UDP_STREAM("udp_timeout_stream", 120),
  /** ICMP query. */
  ICMP("icmp_timeout", 30),
  /** ICMPv6 query. */
  ICMPV6("icmpv6_timeout", 30),
  /** Protocols without a tracker of their own. */
  GENERIC("generic_timeout", 600),
  /** GRE without reply. */
  GRE("gre_timeout", 30),
  /** GRE with reply. */
  GRE_STREAM("gre_timeout_stream", 180),
  /** SCTP. */
  SCTP_CLOSED("sctp_timeout_closed", 10),
  /** SCTP. */
  SCTP_COOKIE_WAIT("sctp_timeout_cookie_wait", 3),
  /** SCTP. */
  SCTP_COOKIE_ECHOED("sctp_timeout_cookie_echoed", 3),
  /** SCTP. */
  SCTP_ESTABLISHED("sctp_timeout_established", 210),
  /** SCTP. */
  SCTP_SHUTDOWN_SENT("sctp_timeout_shutdown_sent", 3),
  /** SCTP. */
  SCTP_SHUTDOWN_RECD("sctp_timeout_shutdown_recd", 3),
  /** SCTP. */
  SCTP_SHUTDOWN_ACK_SENT("sctp_timeout_shutdown_ack_sent", 3),
  /** SCTP. */
  SCTP_HEARTBEAT_SENT("sctp_timeout_heartbeat_sent", 30),
  /** Fragments of one IPv4 packet. */
  FRAGMENTS_V4("net.ipv4.ipfrag_time", 30),
  /** Fragments of one IPv6 packet. */
  FRAGMENTS_V6("frag6_timeout", 60);

  /** The longest time that an entry can be given: what 32 bits hold. */
  public static final long MAX_SECONDS = 0xffff_ffffL;

  private static final String PREFIX = "net.netfilter.nf_conntrack_";

  private final String setting;
  private final long defaultSeconds;

  Timeout(String setting, long defaultSeconds) {
    this.setting = setting;
    this.defaultSeconds = defaultSeconds;
  }

  /** Returns the setting's name, "" for none. */
  public String setting() {
    return setting.isEmpty() || setting.indexOf('.') >= 0 ? setting : PREFIX + setting;
  }

  /** Returns the kernel's default. */
  public long defaultSeconds() {
    return defaultSeconds;
  }
}
