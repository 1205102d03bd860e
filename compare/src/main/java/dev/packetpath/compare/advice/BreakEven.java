package dev.packetpath.compare.advice;

import dev.packetpath.compare.Variant;

/**
 * From how many Services on one variant saves so much that it matters.
 *
 * @param measure what it saves
 * @param keepalive requests of a connection
 * @param dearer what it is compared with
 * @param cheaper what saves
 * @param services from which number of Services on, interpolated between the sizes tried
 * @param everywhere whether it does so at the smallest size already
 */
public record BreakEven(
    Measure measure,
    int keepalive,
    Variant dearer,
    Variant cheaper,
    double services,
    boolean everywhere) {}
