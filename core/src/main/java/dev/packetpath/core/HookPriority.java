package dev.packetpath.core;

/**
 * Priorities of the kernel's own hook functions (include/uapi/linux/netfilter_ipv4.h, Linux 6.1).
 */
public final class HookPriority {
  /** Reassembly of fragments, as far as connection tracking needs it. */
  public static final int CONNTRACK_DEFRAG = -400;

  /** The raw table. */
  public static final int RAW = -300;

  /** Connection tracking's look-up. */
  public static final int CONNTRACK = -200;

  /** The mangle table. */
  public static final int MANGLE = -150;

  /** Destination NAT, at PREROUTING and OUTPUT. */
  public static final int NAT_DST = -100;

  /** The filter table. */
  public static final int FILTER = 0;

  /** The security table. */
  public static final int SECURITY = 50;

  /** Source NAT, at POSTROUTING and INPUT. */
  public static final int NAT_SRC = 100;

  /** Connection tracking's helpers and confirmation. */
  public static final int CONNTRACK_CONFIRM = Integer.MAX_VALUE;

  private HookPriority() {}
}
