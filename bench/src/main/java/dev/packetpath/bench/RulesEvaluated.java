package dev.packetpath.bench;

import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * How many rules were evaluated for how many packets while a benchmark was measured. The rules are
 * asked for once an iteration, because an answer takes longer than many a packet.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class RulesEvaluated {
  /** The name of {@link #rules} among a benchmark's results. */
  static final String RULES = "rules";

  /** The name of {@link #packets} among a benchmark's results. */
  static final String PACKETS = "packets";

  /** The packets. */
  public long packets;

  private LongSupplier evaluated = () -> 0;
  private long before;

  /**
   * Counts packets before they are sent.
   *
   * @param more how many
   * @param evaluatedSoFar tells how many rules were evaluated up to now
   */
  void packets(int more, LongSupplier evaluatedSoFar) {
    if (packets == 0) {
      evaluated = evaluatedSoFar;
      before = evaluatedSoFar.getAsLong();
    }
    packets += more;
  }

  /** Returns the rules evaluated in this iteration. */
  public long rules() {
    return evaluated.getAsLong() - before;
  }
}
