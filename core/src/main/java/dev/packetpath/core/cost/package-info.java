/** What work costs: nanoseconds for each primitive operation, and where they come from. */
@NullMarked
package dev.packetpath.core.cost;

import org.jspecify.annotations.NullMarked;
