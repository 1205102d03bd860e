/** Addresses, prefixes and protocol numbers. */
@NullMarked
package dev.packetpath.core.net;

import org.jspecify.annotations.NullMarked;
