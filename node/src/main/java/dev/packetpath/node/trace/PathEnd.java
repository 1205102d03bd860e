package dev.packetpath.node.trace;

import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.packet.Packet;

/** What became of a packet. */
public sealed interface PathEnd {
  /**
   * It left.
   *
   * @param device by this device
   * @param packet as it left
   */
  record Emitted(String device, Packet packet) implements PathEnd {}

  /**
   * It reached the local sockets.
   *
   * @param packet as the socket gets it
   */
  record Delivered(Packet packet) implements PathEnd {}

  /**
   * It was dropped.
   *
   * @param reason why
   * @param errno what a local sender was told
   */
  record Dropped(String reason, Errno errno) implements PathEnd {}

  /**
   * A hook function kept it.
   *
   * @param function which
   * @param verdict STOLEN or QUEUE
   */
  record Kept(String function, Verdict verdict) implements PathEnd {}
}
