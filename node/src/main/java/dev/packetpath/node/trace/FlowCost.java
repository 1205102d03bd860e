package dev.packetpath.node.trace;

import java.util.Optional;

/**
 * What a flow costs the node: once for the packet that starts it, and then for each further one.
 *
 * @param flow the first packet
 * @param fresh the work of the packet that starts the connection; empty if none of the packets did
 * @param confirmed whether that packet came through, so that the connection is known from then on
 * @param established the work of a later packet in its direction; empty if there is none
 * @param probed whether that later packet was not asked for but sent by the tracer, behind an
 *     answer, to learn it
 */
public record FlowCost(
    String flow,
    Optional<PacketCost> fresh,
    boolean confirmed,
    Optional<PacketCost> established,
    boolean probed) {}
