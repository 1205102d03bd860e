/**
 * How much a table of connections holds: what a load does to it, calculated and simulated, and when
 * it is full.
 */
@NullMarked
package dev.packetpath.conntrack.capacity;

import org.jspecify.annotations.NullMarked;
