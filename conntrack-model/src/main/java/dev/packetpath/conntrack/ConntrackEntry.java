package dev.packetpath.conntrack;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * One connection as {@code conntrack -L -o extended} writes it.
 *
 * @param original the tuple of the first packet
 * @param reply the tuple that answers have
 * @param remainingSeconds the time it has left
 * @param state the protocol's state, "" if it has none
 * @param status the status bits, see {@link ConnectionStatus}
 * @param zone the zone
 * @param mark the mark, unsigned
 * @param labelsHigh labels 64 to 127
 * @param labelsLow labels 0 to 63
 * @param counted whether packets and bytes are counted
 * @param originalPackets packets of the original direction
 * @param originalBytes bytes of the original direction
 * @param replyPackets packets of the reply direction
 * @param replyBytes bytes of the reply direction
 * @param helper the name of the helper that reads it, "" for none
 */
public record ConntrackEntry(
    Tuple original,
    Tuple reply,
    long remainingSeconds,
    String state,
    int status,
    Zone zone,
    int mark,
    long labelsHigh,
    long labelsLow,
    boolean counted,
    long originalPackets,
    long originalBytes,
    long replyPackets,
    long replyBytes,
    String helper) {
  /**
   * Checks what no entry of a table can be.
   *
   * @throws IllegalArgumentException if the tuples are not of one family and protocol, or the time
   *     left is negative or more than {@link Timeout#MAX_SECONDS}
   */
  public ConntrackEntry {
    checkArgument(
        original.family() == reply.family() && original.protocol() == reply.protocol(),
        "tuples of one family and protocol, found %s and %s",
        original,
        reply);
    checkArgument(
        remainingSeconds >= 0 && remainingSeconds <= Timeout.MAX_SECONDS,
        "an entry has 0..%s seconds left, found %s",
        Timeout.MAX_SECONDS,
        remainingSeconds);
  }

  /**
   * Returns the entry of a connection of the default zone that has no mark, label or helper and
   * counts nothing.
   */
  public static ConntrackEntry plain(
      Tuple original, Tuple reply, long remainingSeconds, String state, int status) {
    return new ConntrackEntry(
        original,
        reply,
        remainingSeconds,
        state,
        status,
        Zone.DEFAULT,
        0,
        0,
        0,
        false,
        0,
        0,
        0,
        0,
        "");
  }

  /** Returns the entry of a connection at a time. */
  public static ConntrackEntry of(Connection connection, long nowNs) {
    return new ConntrackEntry(
        connection.original(),
        connection.reply(),
        connection.remainingSeconds(nowNs),
        connection.stateName(),
        connection.status(),
        connection.zoneOfDirections(),
        connection.mark(),
        connection.labelsHigh(),
        connection.labelsLow(),
        connection.isAccounted(),
        connection.packets(Direction.ORIGINAL),
        connection.bytes(Direction.ORIGINAL),
        connection.packets(Direction.REPLY),
        connection.bytes(Direction.REPLY),
        connection.helper());
  }
}
