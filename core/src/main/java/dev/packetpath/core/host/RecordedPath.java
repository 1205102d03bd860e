package dev.packetpath.core.host;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.packet.Packet;

/**
 * The way over the hooks that all forwarded packets of a kind take: what its functions do for each
 * of them, and where they leave.
 */
public final class RecordedPath extends CountedEffects {
  /** No path. */
  public static final RecordedPath NONE =
      new RecordedPath(0, 0, Kind.OF_NONE, Route.NONE, ImmutableList.of());

  /**
   * What the packets have in common, beside the route.
   *
   * @param in the device that they come in by
   * @param mark their mark when they come in
   * @param tos their type-of-service byte, or traffic class
   * @param status what else the functions on the way go by
   */
  record Kind(Device in, int mark, int tos, int status) {
    /** Of no packets. */
    static final Kind OF_NONE = new Kind(Device.NONE, 0, 0, -1);
  }

  private final int number;

  // The kind and the route, laid open: isFor takes 27 instead of 40 instructions.
  private final Device in;
  private final int mark;
  private final int tos;
  private final int status;
  private final int largestPacket;
  private final Route route;

  RecordedPath(
      int generation, int number, Kind kind, Route route, ImmutableList<PathEffect> effects) {
    super(generation, effects);
    this.number = number;
    this.in = kind.in;
    this.mark = kind.mark;
    this.tos = kind.tos;
    this.status = kind.status;
    this.largestPacket = route.largestPacket();
    this.route = route;
  }

  /** Returns what {@link PathRecording#path} knows it by: 1 to 65535, 0 for {@link #NONE} alone. */
  public int number() {
    return number;
  }

  /** Returns the route. */
  public Route route() {
    return route;
  }

  /** Returns whether a packet takes this path if its connection has a status. */
  @SuppressWarnings("ReferenceEquality") // the same object is equal
  public boolean isFor(Packet packet, Device in, int status) {
    return (this.in == in || this.in.equals(in))
        && this.status == status
        && mark == packet.mark()
        && tos == packet.tos()
        && packet.ttl() > 1
        && packet.length() <= largestPacket;
  }
}
