package dev.packetpath.iptables.ipset;

/**
 * What {@code SET --map-set} takes over from the element to the packet.
 *
 * @param mark {@code --map-mark}
 * @param priority {@code --map-prio}
 * @param queue {@code --map-queue}; accepted, but the model has no transmit queues
 */
public record MapOptions(boolean mark, boolean priority, boolean queue) {}
