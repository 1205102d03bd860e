package dev.packetpath.core.host;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.packet.Packet;

/**
 * The way over the hooks that all forwarded packets of a kind take: what its functions do for each
 * of them, and where they leave. Packets are counted here, and by the functions when somebody reads
 * what these counted. Belongs to one thread.
 */
public final class RecordedPath {
  /** No path. */
  public static final RecordedPath NONE = closed(0);

  private static final int NO_STATUS = -1;

  /**
   * What the packets have in common, beside the route.
   *
   * @param in the device that they come in by
   * @param mark their mark when they come in
   * @param tos their type-of-service byte, or traffic class
   * @param status what else the functions on the way go by
   */
  record Kind(Device in, int mark, int tos, int status) {}

  private final int generation;
  private final Kind kind;
  private final Route route;
  private ImmutableList<PathEffect> effects;
  private long packets;
  private long bytes;

  RecordedPath(int generation, Kind kind, Route route, ImmutableList<PathEffect> effects) {
    this.generation = generation;
    this.kind = kind;
    this.route = route;
    this.effects = effects;
  }

  /** Returns a path that no packet takes. */
  static RecordedPath closed(int generation) {
    return new RecordedPath(
        generation, new Kind(Device.NONE, 0, 0, NO_STATUS), Route.NONE, ImmutableList.of());
  }

  int generation() {
    return generation;
  }

  /** Returns the route. */
  public Route route() {
    return route;
  }

  /** Returns whether a packet takes this path if its connection has a status. */
  @SuppressWarnings("ReferenceEquality") // the same object is equal
  public boolean isFor(Packet packet, Device in, int status) {
    return (kind.in == in || kind.in.equals(in))
        && kind.status == status
        && kind.mark == packet.mark()
        && kind.tos == packet.tos()
        && packet.ttl() > 1
        && packet.length() <= route.device().mtu();
  }

  /** Lets go of the functions, when the path no longer holds. */
  void end() {
    effects = ImmutableList.of();
  }

  /** Counts a packet; returns whether it is the first since {@link #tell}. */
  boolean count(int length) {
    bytes += length;
    return packets++ == 0;
  }

  /** Lets the functions count the packets that passed since this was asked last. */
  void tell() {
    for (PathEffect effect : effects) {
      effect.add(packets, bytes);
    }
    packets = 0;
    bytes = 0;
  }
}
