package dev.packetpath.node;

import dev.packetpath.core.net.MacAddress;
import dev.packetpath.core.packet.Packet;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A packet to be given to a node.
 *
 * @param at the device it arrives on, or {@link #LOCAL}
 * @param packet the packet; it is used up
 * @param timeNs the virtual time at which it is given, if time passes
 * @param linkDestination the Ethernet address that it was sent to; without it, the packet is of the
 *     link type that it says
 */
public record Injection(
    String at, Packet packet, OptionalLong timeNs, Optional<MacAddress> linkDestination) {
  /** Where a packet of a local socket goes in. */
  public static final String LOCAL = "local";

  /** Returns a packet of the link type that it says. */
  public Injection(String at, Packet packet, OptionalLong timeNs) {
    this(at, packet, timeNs, Optional.empty());
  }

  /** Returns a packet that arrives on a device, with no time passing. */
  public static Injection on(String device, Packet packet) {
    return new Injection(device, packet, OptionalLong.empty());
  }

  /** Returns a packet that a local socket sends, with no time passing. */
  public static Injection local(Packet packet) {
    return on(LOCAL, packet);
  }
}
