package dev.packetpath.iptables.match;

import dev.packetpath.core.Decisions;
import java.util.List;

/** Says yes to every unknown fact, and keeps the questions. */
record AskedDecisions(Decisions draws, List<String> questions) implements Decisions {
  @Override
  public void startPacket(long packetNumber) {
    draws.startPacket(packetNumber);
  }

  @Override
  public boolean chance(long threshold, long site) {
    return draws.chance(threshold, site);
  }

  @Override
  public int bits(long site) {
    return draws.bits(site);
  }

  @Override
  public boolean unknown(long site, String question) {
    questions.add(question);
    return true;
  }
}
