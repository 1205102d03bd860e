package dev.packetpath.compare.advice;

import com.google.common.collect.ImmutableList;

/**
 * What to do.
 *
 * @param sentence the advice
 * @param reason why, with the figures it rests on
 * @param breakEven from how many Services on which variant saves what matters
 */
public record Advice(String sentence, String reason, ImmutableList<BreakEven> breakEven) {}
