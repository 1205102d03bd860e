package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;

/**
 * What an update changed in a program.
 *
 * @param chains the places of the chains that were replaced or made; their counters start at 0
 * @param entries the counters of entries of chains that were counted by their only caller so far
 * @param callers for each of these where the counters of that caller stand
 */
record ProgramUpdate(
    ImmutableList<Integer> chains,
    ImmutableList<Integer> entries,
    ImmutableList<Integer> callers) {}
