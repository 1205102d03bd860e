/** Measuring what a kernel takes for its work, in network namespaces of its own. */
@NullMarked
package dev.packetpath.cli.calibrate;

import org.jspecify.annotations.NullMarked;
