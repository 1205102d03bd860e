/** Generators of addresses and packets for property tests. */
@NullMarked
package dev.packetpath.core.testing;

import org.jspecify.annotations.NullMarked;
