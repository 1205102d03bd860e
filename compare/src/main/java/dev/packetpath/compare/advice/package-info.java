/** What the results of an experiment mean for the choice of a mode. */
@NullMarked
package dev.packetpath.compare.advice;

import org.jspecify.annotations.NullMarked;
