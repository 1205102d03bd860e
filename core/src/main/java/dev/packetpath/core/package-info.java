/**
 * Hooks, verdicts, virtual time, chance, traces and work: what every model of the kernel shares.
 */
@NullMarked
package dev.packetpath.core;

import org.jspecify.annotations.NullMarked;
