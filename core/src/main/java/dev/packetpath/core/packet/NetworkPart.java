package dev.packetpath.core.packet;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;

/**
 * The part of a {@link Packet} that its IP header holds. A part is a superclass and no object of
 * its own, so that reading a field follows no reference.
 */
abstract sealed class NetworkPart extends AttachmentPart permits TransportPart {
  static final int IPV4_HEADER_BYTES = 20;
  static final int IPV6_HEADER_BYTES = 40;
  static final int IPV6_FRAGMENT_HEADER_BYTES = 8;

  private static final byte[] NO_OPTIONS = new byte[0];
  private static final int UNKNOWN = 0;

  // What sets few packets apart from most, a bit each: see isIntact.
  private static final int LATER_FRAGMENT = 1;
  private static final int MORE_FRAGMENTS = 1 << 1;
  private static final int ATOMIC_FRAGMENT = 1 << 2;
  private static final int OF_IP = LATER_FRAGMENT | MORE_FRAGMENTS | ATOMIC_FRAGMENT;
  static final int TRUNCATED = 1 << 3;
  static final int WRONG_CHECKSUM = 1 << 4;
  static final int IN_PIECES = 1 << 5;

  private IpFamily family = IpFamily.IPV4;
  private long sourceHigh;
  private long sourceLow;
  private long destinationHigh;
  private long destinationLow;
  private int protocol = IpProtocol.TCP;
  private int ttl = 64;
  private int tos;
  private int id;
  private int fragmentOffset;
  private boolean dontFragment;
  private byte[] ipOptions = NO_OPTIONS;
  private byte[] authentication = NO_OPTIONS;
  private int oddities;

  /** The bytes of the whole packet, {@link #UNKNOWN} since something changed that they go by. */
  private int length;

  /** Returns the packet that this is a part of. */
  abstract Packet packet();

  /** Returns the address family. */
  public IpFamily family() {
    return family;
  }

  /** Returns the source address; allocates. */
  public IpAddress source() {
    return new IpAddress(family, sourceHigh, sourceLow);
  }

  /** Returns the upper 64 bits of the source address, 0 for IPv4. */
  public long sourceHigh() {
    return sourceHigh;
  }

  /** Returns the lower 64 bits of the source address. */
  public long sourceLow() {
    return sourceLow;
  }

  /** Returns the destination address; allocates. */
  public IpAddress destination() {
    return new IpAddress(family, destinationHigh, destinationLow);
  }

  /** Returns the upper 64 bits of the destination address, 0 for IPv4. */
  public long destinationHigh() {
    return destinationHigh;
  }

  /** Returns the lower 64 bits of the destination address. */
  public long destinationLow() {
    return destinationLow;
  }

  /** Sets the source address of the packet's family. */
  @CanIgnoreReturnValue
  public Packet source(long high, long low) {
    this.sourceHigh = high;
    this.sourceLow = low;
    return packet();
  }

  /** Sets the destination address of the packet's family. */
  @CanIgnoreReturnValue
  public Packet destination(long high, long low) {
    this.destinationHigh = high;
    this.destinationLow = low;
    return packet();
  }

  /** Sets the source address. The family of a packet is set by {@link #addresses}. */
  @CanIgnoreReturnValue
  public Packet source(IpAddress address) {
    checkArgument(address.family() == family, "an %s packet, found source %s", family, address);
    return source(address.high(), address.low());
  }

  /** Sets the destination address. The family of a packet is set by {@link #addresses}. */
  @CanIgnoreReturnValue
  public Packet destination(IpAddress address) {
    checkArgument(
        address.family() == family, "an %s packet, found destination %s", family, address);
    return destination(address.high(), address.low());
  }

  /**
   * Sets the family and both addresses.
   *
   * @throws IllegalArgumentException if the two are not of one family
   */
  @CanIgnoreReturnValue
  public Packet addresses(IpAddress source, IpAddress destination) {
    checkArgument(
        source.family() == destination.family(),
        "source and destination of one family, found %s and %s",
        source,
        destination);
    this.family = source.family();
    resized();
    return source(source.high(), source.low()).destination(destination.high(), destination.low());
  }

  /** Returns the IANA number of the transport protocol, behind any IPv6 extension header. */
  public int protocol() {
    return protocol;
  }

  /** Sets the IANA number of the transport protocol, behind any IPv6 extension header. */
  @CanIgnoreReturnValue
  public Packet protocol(int protocol) {
    this.protocol = protocol;
    resized();
    return packet();
  }

  /** Returns the time to live, or the hop limit, 0 to 255. */
  public int ttl() {
    return ttl;
  }

  /** Sets the time to live, or the hop limit, 0 to 255. */
  @CanIgnoreReturnValue
  public Packet ttl(int ttl) {
    this.ttl = ttl;
    return packet();
  }

  /** Returns the type-of-service byte, or the traffic class, 0 to 255. */
  public int tos() {
    return tos;
  }

  /** Sets the type-of-service byte, or the traffic class, 0 to 255. */
  @CanIgnoreReturnValue
  public Packet tos(int tos) {
    this.tos = tos;
    return packet();
  }

  /** Returns the identification field: 16 bits, 32 in an IPv6 fragment header. */
  public int id() {
    return id;
  }

  /** Sets the identification field: 16 bits, 32 in an IPv6 fragment header. */
  @CanIgnoreReturnValue
  public Packet id(int id) {
    this.id = id;
    return packet();
  }

  /**
   * Returns the offset of a fragment in units of 8 bytes; 0 for a first fragment or a whole packet.
   */
  public int fragmentOffset() {
    return fragmentOffset;
  }

  /**
   * Sets the offset of a fragment in units of 8 bytes; 0 for a first fragment or a whole packet.
   */
  @CanIgnoreReturnValue
  public Packet fragmentOffset(int fragmentOffset) {
    this.fragmentOffset = fragmentOffset;
    odd(LATER_FRAGMENT, fragmentOffset != 0);
    resized();
    return packet();
  }

  /** Sets whether this is an IPv6 packet that is whole and has a fragment header (RFC 6946). */
  @CanIgnoreReturnValue
  public Packet atomicFragment(boolean atomicFragment) {
    odd(ATOMIC_FRAGMENT, atomicFragment);
    resized();
    return packet();
  }

  /** Returns whether this is an IPv6 packet with a fragment header, even if it is whole. */
  public boolean hasFragmentHeader() {
    return family == IpFamily.IPV6 && isOdd(OF_IP);
  }

  /** Returns whether the DF bit is set. */
  public boolean dontFragment() {
    return dontFragment;
  }

  /** Sets whether the DF bit is set. */
  @CanIgnoreReturnValue
  public Packet dontFragment(boolean dontFragment) {
    this.dontFragment = dontFragment;
    return packet();
  }

  /** Returns whether the MF bit is set. */
  public boolean moreFragments() {
    return isOdd(MORE_FRAGMENTS);
  }

  /** Sets whether the MF bit is set. */
  @CanIgnoreReturnValue
  public Packet moreFragments(boolean moreFragments) {
    odd(MORE_FRAGMENTS, moreFragments);
    resized();
    return packet();
  }

  /** Returns the IPv4 options, a multiple of 4 bytes; the array is not copied. */
  public byte[] ipOptions() {
    return ipOptions;
  }

  /** Sets the IPv4 options, a multiple of 4 bytes; the array is not copied. */
  @CanIgnoreReturnValue
  public Packet ipOptions(byte[] ipOptions) {
    checkArgument(
        ipOptions.length % 4 == 0 && ipOptions.length <= 40,
        "options are 0 to 40 bytes in words of 4, found %s",
        ipOptions.length);
    this.ipOptions = ipOptions;
    resized();
    return packet();
  }

  /**
   * Returns the authentication headers of an IPv6 packet, one behind the other (RFC 4302); the
   * array is not copied.
   */
  public byte[] authentication() {
    return authentication;
  }

  /** Sets the authentication headers of an IPv6 packet; the array is not copied. */
  @CanIgnoreReturnValue
  public Packet authentication(byte[] authentication) {
    this.authentication = authentication;
    resized();
    return packet();
  }

  /**
   * Returns whether this is an IPv6 packet whose protocol cannot be found: its authentication
   * header is missing, or is in another fragment.
   */
  public boolean lacksProtocol() {
    return family == IpFamily.IPV6 && protocol == IpProtocol.AH;
  }

  /** Returns whether this is a fragment other than the first, which carries no transport header. */
  public boolean isLaterFragment() {
    return fragmentOffset != 0;
  }

  /** Returns whether this is any fragment of a larger packet. */
  public boolean isFragment() {
    return isOdd(LATER_FRAGMENT | MORE_FRAGMENTS);
  }

  /**
   * Returns whether this is a whole packet that never was in pieces, without a fragment header,
   * whose transport header is there and has the right checksum: one question in place of six.
   */
  public boolean isIntact() {
    return oddities == 0;
  }

  final boolean isOdd(int bits) {
    return (oddities & bits) != 0;
  }

  final void odd(int bit, boolean is) {
    oddities = is ? oddities | bit : oddities & ~bit;
  }

  /** Returns whether this is an ICMP or ICMPv6 packet of the family's own protocol. */
  public boolean isIcmp() {
    return protocol == (family == IpFamily.IPV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6);
  }

  /** Returns the bytes of the IP header with its options or its extension headers. */
  public int networkHeaderBytes() {
    if (family == IpFamily.IPV4) {
      return IPV4_HEADER_BYTES + ipOptions.length;
    }
    int fragment = hasFragmentHeader() ? IPV6_FRAGMENT_HEADER_BYTES : 0;
    return IPV6_HEADER_BYTES + fragment + authentication.length;
  }

  /** Returns the bytes of the whole packet from the IP header on ({@code skb->len}). */
  public int length() {
    if (length == UNKNOWN) {
      length = networkHeaderBytes() + networkPayloadBytes();
    }
    return length;
  }

  /** Returns the bytes behind the IP header and the extension headers of IPv6. */
  public abstract int networkPayloadBytes();

  /** Notes that the packet may be longer or shorter than it was. */
  final void resized() {
    length = UNKNOWN;
  }

  /** Takes over all that the IP header of another packet holds. */
  final void copyNetworkPart(NetworkPart other) {
    family = other.family;
    sourceHigh = other.sourceHigh;
    sourceLow = other.sourceLow;
    destinationHigh = other.destinationHigh;
    destinationLow = other.destinationLow;
    protocol = other.protocol;
    ttl = other.ttl;
    tos = other.tos;
    id = other.id;
    fragmentOffset = other.fragmentOffset;
    oddities = (oddities & ~OF_IP) | (other.oddities & OF_IP);
    dontFragment = other.dontFragment;
    ipOptions = other.ipOptions;
    authentication = other.authentication;
    resized();
  }
}
