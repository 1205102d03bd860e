/** Generators of addresses and packets for property tests, and a router for others. */
@NullMarked
package dev.packetpath.core.testing;

import org.jspecify.annotations.NullMarked;
