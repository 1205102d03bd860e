/** Small programs that a newcomer copies. */
@NullMarked
package dev.packetpath.examples;

import org.jspecify.annotations.NullMarked;
