package dev.packetpath.core.host;

import dev.packetpath.core.BottomHalves;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Packets on their way over loopback. They come in once the host is done with the packet that it
 * works on; what a local socket sends comes in at once, or, if a hook function sent it, after that
 * function.
 *
 * <p>Rules that send a copy to this host of whatever comes in never let a kernel rest. Here that
 * ends after {@value #MOST_ARRIVALS} packets in a row.
 *
 * <p>Source: net/core/dev.c, enqueue_to_backlog and process_backlog; drivers/net/loopback.c, Linux
 * 6.1.
 */
final class Backlog implements BottomHalves {
  /** How many packets may come in before none waits. */
  static final int MOST_ARRIVALS = 1 << 14;

  private record Arrival(Packet packet, Device in) {}

  private final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
  private final int mostWaiting;
  private final BiConsumer<Packet, Device> receiver;
  private final Consumer<String> dropListener;
  private boolean held;

  /**
   * Creates a backlog in which nothing waits.
   *
   * @param mostWaiting how many packets may wait ({@code net.core.netdev_max_backlog})
   * @param receiver takes what comes in
   * @param dropListener is told why a packet does not
   */
  Backlog(long mostWaiting, BiConsumer<Packet, Device> receiver, Consumer<String> dropListener) {
    this.mostWaiting = (int) Math.min(mostWaiting, Integer.MAX_VALUE);
    this.receiver = receiver;
    this.dropListener = dropListener;
  }

  /** Adds a packet that arrives on a device, unless too many wait. */
  void add(Packet packet, Device in) {
    if (waiting.size() > mostWaiting) {
      dropListener.accept("more than " + mostWaiting + " packets wait for loopback");
      return;
    }
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
    int arrivals = 0;
    while (!held && !waiting.isEmpty()) {
      if (arrivals++ == MOST_ARRIVALS) {
        waiting.clear();
        dropListener.accept("packets go round over loopback without end");
        return;
      }
      Arrival next = waiting.remove();
      held = true;
      receiver.accept(next.packet, next.in);
      held = false;
    }
  }
}
