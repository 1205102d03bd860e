/**
 * Follows packets through a node and tells their paths, what was assumed, and what it cost.
 *
 * <pre>{@code
 * TraceAnswer answer =
 *     Tracer.builder(snapshot)
 *         .followChances(true) // every endpoint that may be drawn, and not one
 *         .build()
 *         .trace(List.of(PacketNotation.parse("in=cni0 tcp 10.244.1.7:40000 > 10.96.0.20:80")));
 * for (Outcome<TraceRun> outcome : answer.exploration().outcomes()) {
 *   PacketPath path = outcome.result().packets().get(0).path();
 *   System.out.println(outcome.probability() + ": " + path.end());
 * }
 * }</pre>
 */
@NullMarked
package dev.packetpath.node.trace;

import org.jspecify.annotations.NullMarked;
