/** Runs an experiment once for each answer to what rules and packets do not determine. */
@NullMarked
package dev.packetpath.node.explore;

import org.jspecify.annotations.NullMarked;
