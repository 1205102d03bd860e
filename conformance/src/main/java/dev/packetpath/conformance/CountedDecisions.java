package dev.packetpath.conformance;

import dev.packetpath.core.Decisions;
import dev.packetpath.core.SeededDecisions;

/** Draws with seed 0, and counts the draws: an answer without any does not depend on chance. */
final class CountedDecisions implements Decisions {
  private final Decisions seeded = new SeededDecisions(0);
  private int draws;

  @Override
  public void startPacket(long packetNumber) {
    seeded.startPacket(packetNumber);
  }

  @Override
  public boolean chance(long threshold, long site) {
    draws++;
    return seeded.chance(threshold, site);
  }

  @Override
  public int bits(long site) {
    draws++;
    return seeded.bits(site);
  }

  @Override
  public boolean unknown(long site, String question) {
    draws++;
    return seeded.unknown(site, question);
  }

  int draws() {
    return draws;
  }
}
