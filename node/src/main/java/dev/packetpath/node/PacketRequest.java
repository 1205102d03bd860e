package dev.packetpath.node;

import dev.packetpath.core.packet.Packet;
import java.util.Optional;

/** A packet that somebody asks about, as {@link PacketNotation} reads it. */
public sealed interface PacketRequest {
  /** Returns the text. */
  String text();

  /**
   * A packet that is told in full.
   *
   * @param text the text
   * @param in the device it arrives on, {@link Injection#LOCAL} for one of a local socket; empty if
   *     not told
   * @param packet the packet; copied before it is used
   */
  record Given(String text, Optional<String> in, Packet packet) implements PacketRequest {}

  /**
   * The answer to the last packet that was told in full, as it came out; it arrives where that one
   * left.
   *
   * @param text the text
   * @param changes what differs from the usual answer
   */
  record Reply(String text, PacketChanges changes) implements PacketRequest {}

  /**
   * A later packet in the direction of the last packet that was told in full: of TCP an ACK if a
   * reply was asked for in between, otherwise the same packet once more.
   *
   * @param text the text
   * @param changes what differs from the usual later packet
   */
  record Again(String text, PacketChanges changes) implements PacketRequest {}
}
