package dev.packetpath.conntrack;

import com.google.errorprone.annotations.Immutable;

/**
 * What the CT target says of a connection before its first packet is looked up (net/netfilter/
 * xt_CT.c, Linux 6.1).
 *
 * @param zone the zone to look in
 * @param zoneFromMark whether the packet's mark, its lower 16 bits, is the zone's number instead
 * @param helper the name of the helper that new connections get, "" for none
 * @param timeouts the timeouts that new connections get instead of the host's
 */
@Immutable
public record ConnectionTemplate(
    Zone zone, boolean zoneFromMark, String helper, TimeoutPolicy timeouts) {
  /** No template. */
  public static final ConnectionTemplate NONE =
      new ConnectionTemplate(Zone.DEFAULT, false, "", TimeoutPolicy.NONE);

  /** Returns a template of a zone alone. */
  public static ConnectionTemplate of(Zone zone) {
    return new ConnectionTemplate(zone, false, "", TimeoutPolicy.NONE);
  }

  /** Returns the zone for a packet of this mark. */
  public Zone zoneFor(int mark) {
    return zoneFromMark ? new Zone(mark & 0xffff, zone.original(), zone.reply()) : zone;
  }
}
