package dev.packetpath.compare;

/**
 * How long requests took from the moment they were due until they were answered, the set-up of
 * their connection included, in milliseconds.
 *
 * @param mean the mean
 * @param p50 the median
 * @param p90 what nine of ten requests stayed under
 * @param p99 what 99 of a hundred requests stayed under
 */
public record ResponseTime(double mean, double p50, double p90, double p99) {}
