package dev.packetpath.conntrack;

/**
 * The status bits of a connection ({@code enum ip_conntrack_status},
 * include/uapi/linux/netfilter/nf_conntrack_common.h, Linux 6.1).
 */
public final class ConnectionStatus {
  /** Another connection announced this one. */
  public static final int EXPECTED = 0x1;

  /** Packets were seen in both directions. */
  public static final int SEEN_REPLY = 0x2;

  /** The entry is never dropped early. */
  public static final int ASSURED = 0x4;

  /** The entry is in the table. */
  public static final int CONFIRMED = 0x8;

  /** Source NAT changes the packets. */
  public static final int SRC_NAT = 0x10;

  /** Destination NAT changes the packets. */
  public static final int DST_NAT = 0x20;

  /** TCP sequence numbers are adjusted. */
  public static final int SEQ_ADJUST = 0x40;

  /** Source NAT was decided. */
  public static final int SRC_NAT_DONE = 0x80;

  /** Destination NAT was decided. */
  public static final int DST_NAT_DONE = 0x100;

  /** The entry was removed from the table. */
  public static final int DYING = 0x200;

  /** The timeout is not refreshed. */
  public static final int FIXED_TIMEOUT = 0x400;

  /** Not a connection but a template of one. */
  public static final int TEMPLATE = 0x800;

  /** Only the reply tuple is in the table, because the original one was taken. */
  public static final int NAT_CLASH = 0x1000;

  /** A helper was set by a rule. */
  public static final int HELPER = 0x2000;

  /** A flow table forwards the packets. */
  public static final int OFFLOAD = 0x4000;

  /** A device forwards the packets. */
  public static final int HW_OFFLOAD = 0x8000;

  /** Both kinds of NAT that change packets. */
  public static final int NAT_MASK = SRC_NAT | DST_NAT;

  /** Both decisions about NAT. */
  public static final int NAT_DONE_MASK = SRC_NAT_DONE | DST_NAT_DONE;

  private static final String[] NAMES = {
    "EXPECTED",
    "SEEN_REPLY",
    "ASSURED",
    "CONFIRMED",
    "SRC_NAT",
    "DST_NAT",
    "SEQ_ADJUST",
    "SRC_NAT_DONE",
    "DST_NAT_DONE",
    "DYING",
    "FIXED_TIMEOUT",
    "TEMPLATE",
    "NAT_CLASH",
    "HELPER",
    "OFFLOAD",
    "HW_OFFLOAD"
  };

  private ConnectionStatus() {}

  /** Returns the names of the bits that are set, lowest first, with {@code |} between them. */
  public static String toText(int status) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < NAMES.length; i++) {
      if ((status >> i & 1) != 0) {
        text.append(text.isEmpty() ? "" : "|").append(NAMES[i]);
      }
    }
    return text.toString();
  }
}
