package dev.packetpath.conntrack;

/**
 * What does not change in an entry, in one int: bits 0 to 7 the protocol, 8 to 23 the zone, 24 and
 * 25 whether the zone counts in the original and in the reply direction, 26 whether packets are
 * counted.
 */
final class EntryKind {
  /** Packets and bytes are counted. */
  static final int ACCOUNTED = 1 << 26;

  private static final int ZONE_SHIFT = 8;
  private static final int DIRECTION_SHIFT = 24;

  private EntryKind() {}

  static int of(int protocol, Zone zone) {
    return protocol
        | zone.id() << ZONE_SHIFT
        | (zone.original() ? 1 << DIRECTION_SHIFT : 0)
        | (zone.reply() ? 2 << DIRECTION_SHIFT : 0);
  }

  static int protocol(int kind) {
    return kind & 0xff;
  }

  /** Returns whether an entry is of a protocol and in no zone but the default one. */
  static boolean isOfDefaultZone(int kind, int protocol) {
    return (kind & ((1 << DIRECTION_SHIFT) - 1)) == protocol;
  }

  /** Returns the zone that counts in a direction. */
  static int zoneIn(int kind, Direction direction) {
    int zone = kind >>> ZONE_SHIFT & 0xffff;
    return zone == 0 || (kind >>> (DIRECTION_SHIFT + direction.bit()) & 1) == 0 ? 0 : zone;
  }

  /** Returns the zone; allocates unless it is the default one. */
  static Zone zone(int kind) {
    boolean original = (kind >>> DIRECTION_SHIFT & 1) != 0;
    boolean reply = (kind >>> (DIRECTION_SHIFT + 1) & 1) != 0;
    int id = kind >>> ZONE_SHIFT & 0xffff;
    return id == 0 && original && reply ? Zone.DEFAULT : new Zone(id, original, reply);
  }
}
