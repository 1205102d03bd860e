package dev.packetpath.node;

import dev.packetpath.core.packet.Packet;

/**
 * A packet that came out of a node.
 *
 * @param at the device it left by, or {@link #LOCAL}
 * @param packet the packet as it came out
 */
public record Emission(String at, Packet packet) {
  /** Where a packet for a local socket comes out. */
  public static final String LOCAL = "local";
}
