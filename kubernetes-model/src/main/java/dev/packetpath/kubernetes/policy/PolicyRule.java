package dev.packetpath.kubernetes.policy;

import com.google.common.collect.ImmutableList;

/**
 * A rule of a NetworkPolicy: it allows connections with one of the peers to one of the ports.
 *
 * @param peers the peers, empty for anyone
 * @param ports the ports, empty for all of all protocols
 */
public record PolicyRule(ImmutableList<PolicyPeer> peers, ImmutableList<PolicyPort> ports) {}
