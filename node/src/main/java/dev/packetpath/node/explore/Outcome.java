package dev.packetpath.node.explore;

import com.google.common.collect.ImmutableMap;

/**
 * One way in which an experiment may end.
 *
 * @param conditions what has to be true, and what not, for this to be possible; only that which
 *     makes a difference
 * @param probability how likely it is where the conditions hold
 * @param result what came out; of runs that count as the same, the first
 * @param <T> what the experiment returns
 */
public record Outcome<T>(
    ImmutableMap<String, Boolean> conditions, Probability probability, T result) {}
