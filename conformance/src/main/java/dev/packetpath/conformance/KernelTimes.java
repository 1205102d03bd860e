package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import dev.packetpath.core.VirtualClock;

/**
 * When the kernel handled each packet of a vector, in its own ticks, so that the models can be told
 * the same. The models load everything at once, at time 0; that is when the kernel began to load
 * the sets, whose elements have timeouts from then on.
 *
 * @param packetsNs nanoseconds since the start; empty if no time passed
 * @param epochNs nanoseconds from 1970-01-01T00:00:00Z to the start
 * @param readFromNs when reading the connections began, in nanoseconds since the start
 * @param readToNs when it had ended
 * @param setsFromNs when reading the sets began
 * @param setsToNs when it had ended
 */
record KernelTimes(
    ImmutableList<Long> packetsNs,
    long epochNs,
    long readFromNs,
    long readToNs,
    long setsFromNs,
    long setsToNs) {
  /** No time passes. */
  static final KernelTimes NONE = new KernelTimes(ImmutableList.of(), 0, 0, 0, 0, 0);

  /** Returns the times of an answer of the laboratory; none if it did not take them. */
  static KernelTimes of(JsonNode answer) {
    JsonNode clock = answer.path("clock");
    if (clock.isMissingNode()) {
      return NONE;
    }
    long lead = -ns(clock.path("setsLoadedAt").path(0));
    return new KernelTimes(
        Streams.stream(answer.path("packets"))
            .map(packet -> lead + ns(packet.path("result").path("time")))
            .collect(ImmutableList.toImmutableList()),
        ns(clock.path("epoch")) - lead,
        lead + ns(clock.path("readAt").path(0)),
        lead + ns(clock.path("readAt").path(1)),
        lead + ns(clock.path("setsReadAt").path(0)),
        lead + ns(clock.path("setsReadAt").path(1)));
  }

  private static long ns(JsonNode seconds) {
    return Math.round(seconds.asDouble() * VirtualClock.NS_PER_SECOND);
  }
}
