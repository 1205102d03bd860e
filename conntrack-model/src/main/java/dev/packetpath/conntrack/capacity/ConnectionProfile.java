package dev.packetpath.conntrack.capacity;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.Immutable;
import dev.packetpath.conntrack.Direction;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.TcpFlags;

/**
 * What one connection of a kind sends, and when: the life from which its entry's states follow.
 *
 * @param name what to call it
 * @param protocol the IANA number of TCP, UDP or ICMP
 * @param packets its packets in the order of time, the first one from the client at 0
 * @param retriesNs how long after the first packet it is sent again, each time that all before were
 *     lost; the rest of the packets move with it. Nanoseconds, ascending
 */
@Immutable
public record ConnectionProfile(
    String name,
    int protocol,
    ImmutableList<ProfilePacket> packets,
    ImmutableList<Long> retriesNs) {

  /** How long after it a SYN is sent again: 1, 3, 7, 15, 31 and 63 seconds (tcp_syn_retries 6). */
  public static final ImmutableList<Long> SYN_RETRIES_NS =
      ImmutableList.of(
          1_000_000_000L,
          3_000_000_000L,
          7_000_000_000L,
          15_000_000_000L,
          31_000_000_000L,
          63_000_000_000L);

  /** Checks the packets. */
  public ConnectionProfile {
    checkArgument(
        protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.ICMP,
        "profile %s: TCP, UDP or ICMP, found protocol %s",
        name,
        protocol);
    checkArgument(!packets.isEmpty(), "profile %s: at least one packet", name);
    checkArgument(
        packets.get(0).offsetNs() == 0 && packets.get(0).direction() == Direction.ORIGINAL,
        "profile %s: the first packet is the client's at 0, found %s",
        name,
        packets.get(0));
    long before = 0;
    for (ProfilePacket packet : packets) {
      checkArgument(
          packet.offsetNs() >= before, "profile %s: %s comes before its predecessor", name, packet);
      before = packet.offsetNs();
    }
    before = 0;
    for (long retryNs : retriesNs) {
      checkArgument(
          retryNs > before, "profile %s: retries ascend from 0, found %s ns", name, retryNs);
      before = retryNs;
    }
  }

  /**
   * Returns a TCP connection with one request, one answer, and a close by the client. A lost SYN is
   * not sent again.
   *
   * @param roundTripNs from a segment to the answer, nanoseconds, not negative
   * @param holdNs from the answer to the client's FIN, nanoseconds, not negative
   */
  public static ConnectionProfile tcp(long roundTripNs, long holdNs) {
    return builder("tcp", IpProtocol.TCP)
        .client(0, TcpFlags.SYN, 0)
        .server(roundTripNs, TcpFlags.SYN | TcpFlags.ACK, 0)
        .client(0, TcpFlags.ACK, 0)
        .client(0, TcpFlags.PSH | TcpFlags.ACK, 100)
        .server(roundTripNs, TcpFlags.PSH | TcpFlags.ACK, 1000)
        .client(0, TcpFlags.ACK, 0)
        .client(holdNs, TcpFlags.FIN | TcpFlags.ACK, 0)
        .server(roundTripNs, TcpFlags.FIN | TcpFlags.ACK, 0)
        .client(0, TcpFlags.ACK, 0)
        .build();
  }

  /** Returns a SYN that nobody answers, sent once: one packet of a SYN flood. */
  public static ConnectionProfile synFlood() {
    return builder("syn flood", IpProtocol.TCP).client(0, TcpFlags.SYN, 0).build();
  }

  /**
   * Returns one datagram and its answer, as DNS is asked.
   *
   * @param roundTripNs from the question to the answer, nanoseconds, not negative
   */
  public static ConnectionProfile udpExchange(long roundTripNs) {
    return builder("udp", IpProtocol.UDP).client(0, 0, 40).server(roundTripNs, 0, 100).build();
  }

  /** Returns this profile with a first packet that is sent again like a lost SYN. */
  public ConnectionProfile withSynRetries() {
    return new ConnectionProfile(name, protocol, packets, SYN_RETRIES_NS);
  }

  /** Returns a builder of a profile. */
  public static Builder builder(String name, int protocol) {
    return new Builder(name, protocol);
  }

  /** Builds a {@link ConnectionProfile}. Not safe for use by several threads. */
  public static final class Builder {
    private final String name;
    private final int protocol;
    private final ImmutableList.Builder<ProfilePacket> packets = ImmutableList.builder();
    private ImmutableList<Long> retriesNs = ImmutableList.of();
    private long timeNs;
    private final int[] sequence = new int[2];

    private Builder(String name, int protocol) {
      this.name = name;
      this.protocol = protocol;
    }

    /**
     * Adds a packet of the client, in sequence and with all of the server's acknowledged.
     *
     * @param afterNs how long after the packet before, nanoseconds, not negative
     * @param tcpFlags the flags, see {@link TcpFlags}; 0 for other protocols
     * @param payloadBytes bytes behind the transport header
     */
    @CanIgnoreReturnValue
    public Builder client(long afterNs, int tcpFlags, int payloadBytes) {
      return packet(Direction.ORIGINAL, afterNs, tcpFlags, payloadBytes);
    }

    /**
     * Adds a packet of the server, in sequence and with all of the client's acknowledged.
     *
     * @param afterNs how long after the packet before, nanoseconds, not negative
     * @param tcpFlags the flags, see {@link TcpFlags}; 0 for other protocols
     * @param payloadBytes bytes behind the transport header
     */
    @CanIgnoreReturnValue
    public Builder server(long afterNs, int tcpFlags, int payloadBytes) {
      return packet(Direction.REPLY, afterNs, tcpFlags, payloadBytes);
    }

    private Builder packet(Direction direction, long afterNs, int tcpFlags, int payloadBytes) {
      checkArgument(afterNs >= 0, "profile %s: time goes backwards by %s ns", name, afterNs);
      timeNs += afterNs;
      int own = direction.ordinal();
      int acknowledged = (tcpFlags & TcpFlags.ACK) == 0 ? 0 : sequence[1 - own];
      packets.add(
          new ProfilePacket(
              timeNs, direction, tcpFlags, payloadBytes, sequence[own], acknowledged));
      sequence[own] += payloadBytes + ((tcpFlags & (TcpFlags.SYN | TcpFlags.FIN)) != 0 ? 1 : 0);
      return this;
    }

    /** Sets when a lost first packet is sent again; by default never. */
    @CanIgnoreReturnValue
    public Builder retriesNs(Iterable<Long> retriesNs) {
      this.retriesNs = ImmutableList.copyOf(retriesNs);
      return this;
    }

    /**
     * Returns the profile.
     *
     * @throws IllegalArgumentException if it has no packet of the client at its start
     */
    public ConnectionProfile build() {
      return new ConnectionProfile(name, protocol, packets.build(), retriesNs);
    }
  }
}
