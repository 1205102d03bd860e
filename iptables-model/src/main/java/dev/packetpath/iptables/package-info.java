/** Tables, chains and rules as written, and the walk over them. */
@NullMarked
package dev.packetpath.iptables;

import org.jspecify.annotations.NullMarked;
