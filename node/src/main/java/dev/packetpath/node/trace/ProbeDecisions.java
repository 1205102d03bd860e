package dev.packetpath.node.trace;

import dev.packetpath.core.Decisions;
import dev.packetpath.core.SeededDecisions;
import java.util.HashMap;
import java.util.Map;

/**
 * The decisions of a run, until it only learns what a further packet costs: then nothing is a
 * question any more.
 */
final class ProbeDecisions implements Decisions {
  private final Decisions asked;
  private final Decisions probing = new SeededDecisions(0);
  private final Map<String, Boolean> known = new HashMap<>();
  private boolean probes;
  private String subject = "";

  ProbeDecisions(Decisions asked) {
    this.asked = asked;
  }

  /** Sets what the questions from now on are about, "" if that is plain. */
  void askAbout(String packets) {
    this.subject = packets.isEmpty() ? "" : " (" + packets + ")";
  }

  /** Asks no more from now on. */
  void startProbing() {
    probes = true;
  }

  private Decisions current() {
    return probes ? probing : asked;
  }

  @Override
  public void startPacket(long packetNumber) {
    current().startPacket(packetNumber);
  }

  @Override
  public boolean chance(long threshold, long site) {
    return current().chance(threshold, site);
  }

  @Override
  public int bits(long site) {
    return current().bits(site);
  }

  @Override
  public boolean unknown(long site, String question) {
    if (probes) {
      return known.getOrDefault(question, false);
    }
    boolean answer = asked.unknown(site, question + subject);
    known.put(question, answer);
    return answer;
  }
}
