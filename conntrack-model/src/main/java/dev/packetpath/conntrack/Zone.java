package dev.packetpath.conntrack;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.Immutable;

/**
 * Keeps equal tuples of different networks apart ({@code struct nf_conntrack_zone}, Linux 6.1).
 *
 * @param id 0 to 65535
 * @param original whether the zone counts in the original direction; zone 0 is used if not
 * @param reply whether the zone counts in the reply direction; zone 0 is used if not
 */
@Immutable
public record Zone(int id, boolean original, boolean reply) {
  /** Zone 0 in both directions. */
  public static final Zone DEFAULT = new Zone(0, true, true);

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it does not fit 16 bits
   */
  public Zone {
    checkArgument(id >= 0 && id <= 0xffff, "a zone is 0..65535, found %s", id);
  }

  /** Returns a zone that counts in both directions. */
  public static Zone of(int id) {
    return id == 0 ? DEFAULT : new Zone(id, true, true);
  }

  /** Returns the number that counts in a direction. */
  public int idIn(Direction direction) {
    return (direction == Direction.ORIGINAL ? original : reply) ? id : 0;
  }
}
