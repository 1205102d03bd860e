package dev.packetpath.node;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.PacketSink;
import dev.packetpath.core.packet.Packet;

/**
 * One of the engines of a {@link ParallelNode}: the whole node, for the flows of some sources.
 *
 * <p>Feeding a packet of an established connection does not allocate. Belongs to one thread at a
 * time.
 */
public final class Engine {
  private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;

  private final int index;
  private final int engines;
  private final Node node;
  private final Host host;
  private int mostConnections;

  Engine(int index, int engines, Node node) {
    this.index = index;
    this.engines = engines;
    this.node = node;
    this.host = node.host();
  }

  /** Returns which of the engines this is, from 0. */
  public int index() {
    return index;
  }

  /** Returns the node as this engine has it. */
  public Node node() {
    return node;
  }

  /** Sets who receives the packets that come out; by default nobody. */
  public void sink(PacketSink sink) {
    host.sink(sink);
  }

  /** Returns whether this engine is for the packets of a flow's sender: by address and port. */
  public boolean takes(Packet request) {
    return takes(request.sourceHigh(), request.sourceLow(), request.sourcePort());
  }

  boolean takes(long high, long low, int port) {
    long mixed = ((high * GOLDEN_GAMMA ^ low) * GOLDEN_GAMMA ^ port) * GOLDEN_GAMMA;
    return (int) (((mixed >>> 32) * engines) >>> 32) == index;
  }

  /**
   * Takes a packet that arrives on a device.
   *
   * @param number the packet's number among those of all engines, from which random draws are made
   * @param timeNs when it arrives; never less than that of the packet before
   */
  public void receive(long number, long timeNs, Packet packet, Device in) {
    start(number, timeNs);
    host.receive(packet, in);
    end();
  }

  /**
   * Sends a packet of a local socket.
   *
   * @param number the packet's number among those of all engines, from which random draws are made
   * @param timeNs when it is sent; never less than that of the packet before
   * @return what the sender is told
   */
  @CanIgnoreReturnValue
  public Errno send(long number, long timeNs, Packet packet) {
    start(number, timeNs);
    Errno errno = host.send(packet);
    end();
    return errno;
  }

  private void start(long number, long timeNs) {
    host.clock().advanceTo(timeNs);
    host.numberNext(number);
  }

  private void end() {
    mostConnections = Math.max(mostConnections, connections());
  }

  private int connections() {
    return node.conntrack().map(Conntrack::size).orElse(0);
  }

  /** Returns the most connections that were live after any packet. */
  int mostConnections() {
    return mostConnections;
  }
}
