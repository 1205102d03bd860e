package dev.packetpath.conntrack.capacity;

import com.google.errorprone.annotations.Immutable;
import dev.packetpath.conntrack.Direction;

/**
 * One packet of a {@link ConnectionProfile}.
 *
 * @param offsetNs when it is sent, nanoseconds after the connection's first packet
 * @param direction ORIGINAL from the client, REPLY from the server
 * @param tcpFlags its flags, 0 for other protocols than TCP
 * @param payloadBytes bytes behind the transport header
 * @param tcpSequence its sequence number, unsigned
 * @param tcpAcknowledgment what it acknowledges, unsigned
 */
@Immutable
public record ProfilePacket(
    long offsetNs,
    Direction direction,
    int tcpFlags,
    int payloadBytes,
    int tcpSequence,
    int tcpAcknowledgment) {}
