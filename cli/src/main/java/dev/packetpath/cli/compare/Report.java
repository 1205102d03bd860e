package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.CalicoRules;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.advice.Advice;

/**
 * All that is told of an experiment.
 *
 * @param result the rows
 * @param calico Calico's rules by number of Services
 * @param advice what they mean
 * @param assumptions what the figures rest on
 * @param command the command that made it
 */
public record Report(
    ExperimentResult result,
    ImmutableList<CalicoRules> calico,
    Advice advice,
    ImmutableList<Assumption> assumptions,
    String command) {}
