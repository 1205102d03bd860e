/** Telling on a terminal how far long work is. */
@NullMarked
package dev.packetpath.cli.progress;

import org.jspecify.annotations.NullMarked;
