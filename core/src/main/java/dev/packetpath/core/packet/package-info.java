/** The packet, its headers, what models attach to it, and its bytes on the wire. */
@NullMarked
package dev.packetpath.core.packet;

import org.jspecify.annotations.NullMarked;
