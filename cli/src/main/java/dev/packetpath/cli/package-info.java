/** The packetpath command. */
@NullMarked
package dev.packetpath.cli;

import org.jspecify.annotations.NullMarked;
