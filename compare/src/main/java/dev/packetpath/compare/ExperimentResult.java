package dev.packetpath.compare;

import com.google.common.collect.ImmutableList;

/**
 * The result of an experiment.
 *
 * @param profile the name of the cost profile
 * @param rows one row for each configuration, in the order in which they were asked for
 */
public record ExperimentResult(String profile, ImmutableList<Row> rows) {}
