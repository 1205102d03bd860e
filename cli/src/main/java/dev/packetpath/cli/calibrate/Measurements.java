package dev.packetpath.cli.calibrate;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, by the names of the cases.
 *
 * @param packets nanoseconds of a packet, of each round
 * @param connections nanoseconds of a connect(), of each destination over the rounds
 * @param restores seconds of a load
 */
record Measurements(
    ImmutableMap<String, Samples> packets,
    ImmutableMap<String, ImmutableList<Samples>> connections,
    ImmutableMap<String, Samples> restores) {
  double packetNs(String name) {
    return known(packets.get(name), name).low();
  }

  double restoreSeconds(String name) {
    return known(restores.get(name), name).low();
  }

  ImmutableList<Samples> connection(String name) {
    return known(connections.get(name), name);
  }

  /** Returns the mean over destinations of what a connect() to each takes undisturbed. */
  double connectNs(String name) {
    return connection(name).stream().mapToDouble(Samples::low).average().orElseThrow();
  }

  private static <T> T known(@Nullable T found, String name) {
    checkArgument(found != null, "%s was not measured", name);
    return found;
  }
}
