package dev.packetpath.conformance;

import dev.packetpath.core.Decisions;

/** Decides as somebody else did: which of several endpoints, and which port when masquerading. */
final class KnownDecisions implements Decisions {
  private static final int FIRST_PORT = 1024;

  private int before;
  private int port;

  /**
   * Tells what the next packet shall meet.
   *
   * @param before how many endpoints are passed over before one is taken
   * @param port the masqueraded source port
   */
  void next(int before, int port) {
    this.before = before;
    this.port = port;
  }

  @Override
  public void startPacket(long packetNumber) {}

  @Override
  public boolean chance(long threshold, long site) {
    return before-- <= 0;
  }

  /** The kernel looks for a port from 1024 on, this far behind it. */
  @Override
  public int bits(long site) {
    return (port - FIRST_PORT) << 16;
  }

  @Override
  public boolean unknown(long site, String question) {
    throw new AssertionError("not known: " + question);
  }
}
