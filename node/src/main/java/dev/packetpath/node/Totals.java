package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.conntrack.ConntrackEntry;
import dev.packetpath.iptables.Ruleset;

/**
 * What all engines of a {@link ParallelNode} counted and hold together.
 *
 * @param rulesets the tables of each family with their counters
 * @param work how often each operation ran, by name
 * @param connections the live connections, those of one engine behind those of another
 */
public record Totals(
    ImmutableList<Ruleset> rulesets,
    ImmutableSortedMap<String, Long> work,
    ImmutableList<ConntrackEntry> connections) {}
