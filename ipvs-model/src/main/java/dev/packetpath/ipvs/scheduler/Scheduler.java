package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.RealServer;

/**
 * Chooses the real servers of one service ({@code struct ip_vs_scheduler}). An instance belongs to
 * its service and to the thread of its host. A new one is a class here and a line in {@link
 * Schedulers}.
 */
public interface Scheduler {
  /**
   * Returns the server for the first packet of a connection, {@link RealServer#NONE} if no server
   * may have it. Does not allocate, save what a scheduler says of itself.
   */
  RealServer schedule(Packet packet);

  /** Takes note that a server is on the list now, at its head. */
  default void added(RealServer server) {}

  /** Takes note that a server is off the list now. */
  default void removed(RealServer server) {}

  /** Takes note that weight, thresholds or method of a server were set. */
  default void edited(RealServer server) {}

  /** Lets go of all servers, as the service ends or takes another scheduler. */
  default void stop() {}
}
