package dev.packetpath.core.host;

import dev.packetpath.core.BottomHalves;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;

/**
 * Packets on their way over loopback. They come in once the host is done with the packet that it
 * works on; what a local socket sends comes in at once, or, if a hook function sent it, after that
 * function.
 *
 * <p>Source: net/core/dev.c, enqueue_to_backlog and process_backlog; drivers/net/loopback.c, Linux
 * 6.1.
 */
final class Backlog implements BottomHalves {
  private record Arrival(Packet packet, Device in) {}

  private final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
  private final BiConsumer<Packet, Device> receiver;
  private boolean held;

  Backlog(BiConsumer<Packet, Device> receiver) {
    this.receiver = receiver;
  }

  /** Adds a packet that arrives on a device. */
  void add(Packet packet, Device in) {
    waiting.add(new Arrival(packet, in));
  }

  @Override
  public boolean isHeld() {
    return held;
  }

  @Override
  public boolean hold() {
    boolean before = held;
    held = true;
    return before;
  }

  @Override
  public void release(boolean heldBefore) {
    held = heldBefore;
    letIn();
  }

  /** Lets in what waits, in its order, unless it is to wait on. */
  void letIn() {
    while (!held && !waiting.isEmpty()) {
      Arrival next = waiting.remove();
      held = true;
      receiver.accept(next.packet, next.in);
      held = false;
    }
  }
}
