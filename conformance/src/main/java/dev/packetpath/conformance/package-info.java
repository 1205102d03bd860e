/** The models against the real Linux kernel. */
@NullMarked
package dev.packetpath.conformance;

import org.jspecify.annotations.NullMarked;
