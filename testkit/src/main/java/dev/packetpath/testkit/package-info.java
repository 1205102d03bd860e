/** Generators and assertions for tests that send packets through a node. */
@NullMarked
package dev.packetpath.testkit;

import org.jspecify.annotations.NullMarked;
