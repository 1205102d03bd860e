package dev.packetpath.compare.work;

import dev.packetpath.core.Decisions;
import dev.packetpath.core.SeededDecisions;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows every random choice of one packet in turn, first yes then no, with its probability. Other
 * draws come from a seed; what is not known is answered with no.
 */
final class ScriptedDecisions implements Decisions {
  private final Decisions others = new SeededDecisions(0);
  private final List<Boolean> script = new ArrayList<>();
  private int asked;
  private double probability;

  ScriptedDecisions() {
    reset();
  }

  /** Starts with the first of all ways. */
  void reset() {
    script.clear();
    rewind();
  }

  /** Starts the way of the script anew. */
  private void rewind() {
    asked = 0;
    probability = 1;
  }

  /** Returns how likely the answers were that were given since the way began. */
  double probability() {
    return probability;
  }

  /** Goes on to the next way, if there is one. */
  boolean next() {
    while (!script.isEmpty()) {
      int last = script.size() - 1;
      if (script.get(last)) {
        script.set(last, false);
        rewind();
        return true;
      }
      script.remove(last);
    }
    return false;
  }

  @Override
  public void startPacket(long packetNumber) {
    others.startPacket(packetNumber);
  }

  @Override
  public boolean chance(long threshold, long site) {
    if (threshold <= 0 || threshold >= CHANCE_SCALE) {
      return threshold > 0;
    }
    if (asked == script.size()) {
      script.add(true);
    }
    boolean yes = script.get(asked++);
    double share = (double) threshold / CHANCE_SCALE;
    probability *= yes ? share : 1 - share;
    return yes;
  }

  @Override
  public int bits(long site) {
    return others.bits(site);
  }

  @Override
  public boolean unknown(long site, String question) {
    return false;
  }
}
