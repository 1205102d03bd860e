package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.host.LocalSockets;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.node.NodeSnapshot;
import java.util.Optional;

/**
 * What every run of a trace has in common.
 *
 * @param snapshot the node
 * @param assumed whether the node tells only its rules
 * @param unknownSets whether rules may name sets that the node does not tell
 * @param hints what its rules let one guess
 * @param local the addresses that it was told to have
 * @param out the device by which packets leave, if told
 * @param state the state that rules see for the first packet, if told
 * @param localSockets how local sockets answer
 */
record TraceSettings(
    NodeSnapshot snapshot,
    boolean assumed,
    boolean unknownSets,
    RuleHints hints,
    ImmutableSet<IpAddress> local,
    Optional<String> out,
    Optional<SeenState> state,
    LocalSockets localSockets) {}
