package dev.packetpath.conntrack;

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
    long replyBytes) {
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
        connection.bytes(Direction.REPLY));
  }
}
