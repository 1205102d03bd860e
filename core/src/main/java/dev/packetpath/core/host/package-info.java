/** A host: devices, addresses, routing, and the path a packet takes over the hooks. */
@NullMarked
package dev.packetpath.core.host;

import org.jspecify.annotations.NullMarked;
