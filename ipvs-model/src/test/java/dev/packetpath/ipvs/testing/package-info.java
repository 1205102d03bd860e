/** Recordings of a kernel's ip_vs, for the tests of this and other modules. */
@NullMarked
package dev.packetpath.ipvs.testing;

import org.jspecify.annotations.NullMarked;
