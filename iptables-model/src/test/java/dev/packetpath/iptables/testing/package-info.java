/** Generators of what this module models, for tests of its users. */
@NullMarked
package dev.packetpath.iptables.testing;

import org.jspecify.annotations.NullMarked;
