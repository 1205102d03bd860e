/** Follows packets through a node and tells their paths, what was assumed, and what it cost. */
@NullMarked
package dev.packetpath.node.trace;

import org.jspecify.annotations.NullMarked;
