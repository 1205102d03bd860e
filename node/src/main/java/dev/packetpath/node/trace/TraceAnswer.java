package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import dev.packetpath.node.explore.Exploration;

/**
 * What becomes of packets.
 *
 * @param exploration each way that they may take
 * @param drewPort whether a port or address was drawn that might have been another
 * @param assumptions what was assumed and made a difference
 */
public record TraceAnswer(
    Exploration<TraceRun> exploration, boolean drewPort, ImmutableList<Assumption> assumptions) {}
