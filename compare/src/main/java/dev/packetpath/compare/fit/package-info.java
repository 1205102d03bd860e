/** The profile of the published experiment, fitted on the published points. */
@NullMarked
package dev.packetpath.compare.fit;

import org.jspecify.annotations.NullMarked;
