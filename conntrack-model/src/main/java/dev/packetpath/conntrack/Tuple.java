package dev.packetpath.conntrack;

import com.google.errorprone.annotations.Immutable;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/**
 * What identifies one direction of a connection ({@code struct nf_conntrack_tuple},
 * include/net/netfilter/nf_conntrack_tuple.h, Linux 6.1). Zones are not part of it.
 *
 * <p>For ICMP and ICMPv6 the source port is the query's identifier and the destination port is type
 * times 256 plus code, as the kernel lays them over each other. For protocols without ports both
 * are 0.
 *
 * @param family the address family
 * @param protocol the IANA number of the transport protocol
 * @param sourceHigh the upper 64 bits of the source address, 0 for IPv4
 * @param sourceLow the lower 64 bits of the source address
 * @param destinationHigh the upper 64 bits of the destination address, 0 for IPv4
 * @param destinationLow the lower 64 bits of the destination address
 * @param sourcePort the source port or what stands in its place, 0 to 65535
 * @param destinationPort the destination port or what stands in its place, 0 to 65535
 */
@Immutable
public record Tuple(
    IpFamily family,
    int protocol,
    long sourceHigh,
    long sourceLow,
    long destinationHigh,
    long destinationLow,
    int sourcePort,
    int destinationPort) {
  /** No tuple: the packet cannot be tracked. */
  public static final Tuple NONE = new Tuple(IpFamily.IPV4, 0, 0, 0, 0, 0, 0, 0);

  /**
   * Returns the tuple of a protocol with ports.
   *
   * @throws IllegalArgumentException if the addresses are not of one family
   */
  public static Tuple of(
      int protocol, IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
    if (source.family() != destination.family()) {
      throw new IllegalArgumentException(
          "addresses of one family, found " + source + " and " + destination);
    }
    return new Tuple(
        source.family(),
        protocol,
        source.high(),
        source.low(),
        destination.high(),
        destination.low(),
        sourcePort,
        destinationPort);
  }

  /**
   * Returns a packet's tuple, {@link #NONE} if it has none. Where the header is cut off, the ports
   * suffice, though such a packet belongs to no connection (nf_ct_get_tuplepr in
   * net/netfilter/nf_conntrack_core.c, Linux 6.18).
   */
  public static Tuple of(Packet packet) {
    return TupleReader.readUntracked(packet);
  }

  /** Returns the tuple of an ICMP or ICMPv6 query. */
  public static Tuple icmp(IpAddress source, IpAddress destination, int id, int type, int code) {
    int protocol = source.family() == IpFamily.IPV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6;
    return of(protocol, source, id, destination, type << 8 | code);
  }

  /** Returns the source address; allocates. */
  public IpAddress source() {
    return new IpAddress(family, sourceHigh, sourceLow);
  }

  /** Returns the destination address; allocates. */
  public IpAddress destination() {
    return new IpAddress(family, destinationHigh, destinationLow);
  }

  /** Returns whether the ports hold an ICMP or ICMPv6 query. */
  public boolean isIcmp() {
    return protocol == (family == IpFamily.IPV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6);
  }

  /**
   * Returns whether ports tell connections of a protocol apart. DCCP's do not: Linux tracks it by
   * its addresses since it has no states of DCCP any more, as 6.18.
   */
  public static boolean hasPorts(int protocol) {
    return IpProtocol.hasPorts(protocol) && protocol != IpProtocol.DCCP;
  }

  /** Returns the identifier of an ICMP query. */
  public int icmpId() {
    return sourcePort;
  }

  /** Returns the type of an ICMP query. */
  public int icmpType() {
    return destinationPort >>> 8;
  }

  /** Returns the code of an ICMP query. */
  public int icmpCode() {
    return destinationPort & 0xff;
  }

  /**
   * Returns the tuple that an answer to this has, {@link #NONE} for an ICMP type that has no
   * answer.
   */
  public Tuple inverse() {
    TupleKey key = new TupleKey().set(this);
    return key.hasInverse() ? key.invert().toTuple() : NONE;
  }

  /** Returns this tuple with another source address. */
  public Tuple withSource(long high, long low) {
    return new Tuple(
        family, protocol, high, low, destinationHigh, destinationLow, sourcePort, destinationPort);
  }

  /** Returns this tuple with another destination address. */
  public Tuple withDestination(long high, long low) {
    return new Tuple(
        family, protocol, sourceHigh, sourceLow, high, low, sourcePort, destinationPort);
  }

  /** Returns this tuple with other ports. */
  public Tuple withPorts(int source, int destination) {
    return new Tuple(
        family,
        protocol,
        sourceHigh,
        sourceLow,
        destinationHigh,
        destinationLow,
        source,
        destination);
  }

  @Override
  public String toString() {
    if (isIcmp()) {
      return source()
          + " > "
          + destination()
          + " type="
          + icmpType()
          + " code="
          + icmpCode()
          + " id="
          + icmpId();
    }
    String open = family == IpFamily.IPV6 ? "[" : "";
    String close = family == IpFamily.IPV6 ? "]" : "";
    return open
        + source()
        + close
        + ":"
        + sourcePort
        + " > "
        + open
        + destination()
        + close
        + ":"
        + destinationPort;
  }
}
