package dev.packetpath.compare.work;

import dev.packetpath.core.net.IpAddress;

/**
 * Where a connection to a Service goes.
 *
 * @param address the Service's address
 * @param port its TCP port
 */
record Destination(IpAddress address, int port) {}
