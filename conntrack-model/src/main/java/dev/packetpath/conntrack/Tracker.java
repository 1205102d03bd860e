package dev.packetpath.conntrack;

import dev.packetpath.core.Hook;
import dev.packetpath.core.packet.Packet;

/** Follows the connections of one transport protocol. */
interface Tracker {
  /** What a tracker says of a packet. */
  enum Result {
    /** The packet belongs to the connection. */
    ACCEPTED,
    /** The packet does not belong to the connection and goes on without one. */
    INVALID,
    /** The connection was removed; look the packet up again. */
    REPEAT
  }

  /** Looks at a packet and changes the connection. */
  Result track(Connection connection, Packet packet, ConnectionState state, Hook hook);

  /** Returns whether two entries with one tuple may be made one. */
  boolean allowsClash();
}
