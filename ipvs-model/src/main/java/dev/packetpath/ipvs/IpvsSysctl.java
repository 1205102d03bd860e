package dev.packetpath.ipvs;

import com.google.common.base.Ascii;

/**
 * The settings under {@code net.ipv4.vs} that this model heeds, with the kernel's defaults
 * (net/netfilter/ipvs/ip_vs_ctl.c, Linux 6.1).
 */
public enum IpvsSysctl {
  /** The pages below which memory counts as short. */
  AMEMTHRESH(1024),
  /** Of how many new connections one is dropped if drop_packet is 3. */
  AM_DROPRATE(10),
  /** Whether connections are dropped to save memory: 0 never, 1 when it is short, 3 always. */
  DROP_ENTRY(0),
  /** Whether new connections are dropped: 0 never, 1 when memory is short, 3 always. */
  DROP_PACKET(0),
  /** Whether connection tracking follows the connections of ip_vs. */
  CONNTRACK(0),
  /** Whether the strict TCP states are used: 0 never, 1 when memory is short, 3 always. */
  SECURE_TCP(0),
  /** Whether answers get a new route after they got the virtual address. */
  SNAT_REROUTE(1),
  /** Whether tunnels heed and hand on that a packet must not be fragmented. */
  PMTU_DISC(1),
  /** Whether an ICMP error about a packet of no connection makes one. */
  SCHEDULE_ICMP(0),
  /** Whether packets of other protocols count as handled, and what they carry is left alone. */
  IGNORE_TUNNELED(0),
  /** Whether packets of marked services without a server go to their destination. */
  CACHE_BYPASS(0),
  /** Whether connections of removed servers end at once. */
  EXPIRE_NODEST_CONN(0),
  /** Whether any TCP packet may begin a connection. */
  SLOPPY_TCP(0),
  /** Whether any SCTP packet may begin a connection. */
  SLOPPY_SCTP(0),
  /** Whether templates of servers of weight 0 end. */
  EXPIRE_QUIESCENT_TEMPLATE(0),
  /** Whether a real server is told that its packet belongs to no connection. */
  NAT_ICMP_SEND(0),
  /** Whether a host with a backup daemon balances nothing itself; of no effect without one. */
  BACKUP_ONLY(0),
  /** Which ended connections a new one of the same client port replaces: bits 1 and 2. */
  CONN_REUSE_MODE(1),
  /** How many seconds an unused address stays with lblc. */
  LBLC_EXPIRATION(86_400),
  /** How many seconds an unused address stays with lblcr. */
  LBLCR_EXPIRATION(86_400);

  private final int initial;

  IpvsSysctl(int initial) {
    this.initial = initial;
  }

  /** Returns the name without its folder, such as {@code conn_reuse_mode}. */
  public String key() {
    return Ascii.toLowerCase(name());
  }

  /** Returns the value that the kernel starts with. */
  public int initial() {
    return initial;
  }
}
