package dev.packetpath.core;

import dev.packetpath.core.host.Device;

/**
 * Where a packet stands while one hook runs. Fixed for all functions of the hook: a function that
 * changes the route does not change {@code out}.
 *
 * @param hook the hook
 * @param in the device it came in by, {@link Device#NONE} for a packet of this host
 * @param out the device it is routed to, {@link Device#NONE} before a route is known
 */
public record HookState(Hook hook, Device in, Device out) {}
