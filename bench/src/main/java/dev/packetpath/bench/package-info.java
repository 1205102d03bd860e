/** Benchmarks of the models and of the peers they are measured against. */
@NullMarked
package dev.packetpath.bench;

import org.jspecify.annotations.NullMarked;
