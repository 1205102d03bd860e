package dev.packetpath.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** How many rules were evaluated for how many packets while a benchmark was measured. */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class RulesEvaluated {
  /** The name of {@link #rules} among a benchmark's results. */
  static final String RULES = "rules";

  /** The name of {@link #packets} among a benchmark's results. */
  static final String PACKETS = "packets";

  /** The rules. */
  public long rules;

  /** The packets. */
  public long packets;

  void add(long evaluated) {
    rules += evaluated;
    packets++;
  }
}
