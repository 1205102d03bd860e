/**
 * Requests over connections on the cores of one node, simulated on virtual time or in closed form.
 */
@NullMarked
package dev.packetpath.compare.traffic;

import org.jspecify.annotations.NullMarked;
