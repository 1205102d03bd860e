/** Generators of rule sets and packets for tests of the models and of their users. */
@NullMarked
package dev.packetpath.testkit;

import org.jspecify.annotations.NullMarked;
