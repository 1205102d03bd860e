package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;

/**
 * One way that the packets may take.
 *
 * @param packets each packet that was asked for, in order
 * @param flows what each flow among them costs
 * @param premises what had to be assumed, if the node tells only its rules
 */
public record TraceRun(
    ImmutableList<TracedPacket> packets,
    ImmutableList<FlowCost> flows,
    ImmutableList<Premise> premises) {}
