package dev.packetpath.core.packet;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import org.jspecify.annotations.Nullable;

/**
 * One packet with its headers and the metadata that travels with it, as on the kernel's {@code
 * sk_buff}.
 *
 * <p>Mutable and meant to be reused: targets and NAT rewrite it in place. Numbers are unsigned in
 * network meaning and host order. Setters return the packet, so that one can be written in a line.
 * Belongs to one thread. No accessor allocates, except {@link #source()}, {@link #destination()}
 * and {@link #copy()}.
 */
public final class Packet {
  /** The owner of a packet that no local socket sent. */
  public static final int NO_OWNER = -1;

  private static final byte[] EMPTY = new byte[0];
  private static final int IPV4_HEADER_BYTES = 20;
  private static final int IPV6_HEADER_BYTES = 40;
  private static final int IPV6_FRAGMENT_HEADER_BYTES = 8;
  private static final int TCP_HEADER_BYTES = 20;
  private static final int SCTP_HEADER_BYTES = 12;

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
  private int sourcePort;
  private int destinationPort;
  private int tcpFlags;
  private int tcpSequence;
  private int tcpAcknowledgment;
  private int tcpWindow = 0xffff;
  private int sctpTag;
  private int icmpType;
  private int icmpCode;
  private int icmpId;
  private int icmpSequence;
  private int payloadLength;
  private int mark;
  private int priority;
  private int ownerUid = NO_OWNER;
  private int ownerGid = NO_OWNER;
  private boolean dontFragment;
  private boolean moreFragments;
  private boolean atomicFragment;
  private boolean transportTruncated;
  private boolean checksumValid = true;
  private boolean traced;
  private Pieces pieces = Pieces.NONE;
  private byte[] ipOptions = EMPTY;
  private byte[] tcpOptions = EMPTY;
  private byte[] payload = EMPTY;
  private @Nullable Packet inner;
  private LinkType linkType = LinkType.HOST;
  private long sourceMac = NO_MAC;
  private String bridgePortIn = "";
  private String bridgePortOut = "";
  private @Nullable Object[] attachments = new @Nullable Object[4];

  /** The link-layer source of a packet without an Ethernet header. */
  public static final long NO_MAC = -1;

  /** Creates an empty IPv4 TCP packet from and to {@code 0.0.0.0}, TTL 64. */
  public Packet() {}

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
    return this;
  }

  /** Sets the destination address of the packet's family. */
  @CanIgnoreReturnValue
  public Packet destination(long high, long low) {
    this.destinationHigh = high;
    this.destinationLow = low;
    return this;
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
    return source(source.high(), source.low()).destination(destination.high(), destination.low());
  }

  /** Sets both ports, each 0 to 65535. */
  @CanIgnoreReturnValue
  public Packet ports(int source, int destination) {
    return sourcePort(source).destinationPort(destination);
  }

  /** Returns the IANA number of the transport protocol, behind any IPv6 extension header. */
  public int protocol() {
    return protocol;
  }

  /** Sets the IANA number of the transport protocol, behind any IPv6 extension header. */
  @CanIgnoreReturnValue
  public Packet protocol(int protocol) {
    this.protocol = protocol;
    return this;
  }

  /** Returns the time to live, or the hop limit, 0 to 255. */
  public int ttl() {
    return ttl;
  }

  /** Sets the time to live, or the hop limit, 0 to 255. */
  @CanIgnoreReturnValue
  public Packet ttl(int ttl) {
    this.ttl = ttl;
    return this;
  }

  /** Returns the type-of-service byte, or the traffic class, 0 to 255. */
  public int tos() {
    return tos;
  }

  /** Sets the type-of-service byte, or the traffic class, 0 to 255. */
  @CanIgnoreReturnValue
  public Packet tos(int tos) {
    this.tos = tos;
    return this;
  }

  /** Returns the identification field: 16 bits, 32 in an IPv6 fragment header. */
  public int id() {
    return id;
  }

  /** Sets the identification field: 16 bits, 32 in an IPv6 fragment header. */
  @CanIgnoreReturnValue
  public Packet id(int id) {
    this.id = id;
    return this;
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
    return this;
  }

  /** Returns the source port, 0 to 65535; 0 for protocols without ports. */
  public int sourcePort() {
    return sourcePort;
  }

  /** Sets the source port, 0 to 65535; 0 for protocols without ports. */
  @CanIgnoreReturnValue
  public Packet sourcePort(int sourcePort) {
    this.sourcePort = sourcePort;
    return this;
  }

  /** Returns the destination port, 0 to 65535; 0 for protocols without ports. */
  public int destinationPort() {
    return destinationPort;
  }

  /** Sets the destination port, 0 to 65535; 0 for protocols without ports. */
  @CanIgnoreReturnValue
  public Packet destinationPort(int destinationPort) {
    this.destinationPort = destinationPort;
    return this;
  }

  /** Returns the TCP flag bits, see {@link TcpFlags}. */
  public int tcpFlags() {
    return tcpFlags;
  }

  /** Sets the TCP flag bits, see {@link TcpFlags}. */
  @CanIgnoreReturnValue
  public Packet tcpFlags(int tcpFlags) {
    this.tcpFlags = tcpFlags;
    return this;
  }

  /** Returns the TCP sequence number, unsigned. */
  public int tcpSequence() {
    return tcpSequence;
  }

  /** Sets the TCP sequence number, unsigned. */
  @CanIgnoreReturnValue
  public Packet tcpSequence(int tcpSequence) {
    this.tcpSequence = tcpSequence;
    return this;
  }

  /** Returns the TCP acknowledgment number, unsigned. */
  public int tcpAcknowledgment() {
    return tcpAcknowledgment;
  }

  /** Sets the TCP acknowledgment number, unsigned. */
  @CanIgnoreReturnValue
  public Packet tcpAcknowledgment(int tcpAcknowledgment) {
    this.tcpAcknowledgment = tcpAcknowledgment;
    return this;
  }

  /** Returns the TCP window as it stands in the header, unscaled, 0 to 65535. */
  public int tcpWindow() {
    return tcpWindow;
  }

  /** Sets the TCP window as it stands in the header, unscaled, 0 to 65535. */
  @CanIgnoreReturnValue
  public Packet tcpWindow(int tcpWindow) {
    this.tcpWindow = tcpWindow;
    return this;
  }

  /** Returns the SCTP verification tag, unsigned. */
  public int sctpTag() {
    return sctpTag;
  }

  /** Sets the SCTP verification tag, unsigned. */
  @CanIgnoreReturnValue
  public Packet sctpTag(int sctpTag) {
    this.sctpTag = sctpTag;
    return this;
  }

  /** Returns the ICMP or ICMPv6 type, 0 to 255. */
  public int icmpType() {
    return icmpType;
  }

  /** Sets the ICMP or ICMPv6 type, 0 to 255. */
  @CanIgnoreReturnValue
  public Packet icmpType(int icmpType) {
    this.icmpType = icmpType;
    return this;
  }

  /** Returns the ICMP or ICMPv6 code, 0 to 255. */
  public int icmpCode() {
    return icmpCode;
  }

  /** Sets the ICMP or ICMPv6 code, 0 to 255. */
  @CanIgnoreReturnValue
  public Packet icmpCode(int icmpCode) {
    this.icmpCode = icmpCode;
    return this;
  }

  /** Returns the upper half of the third ICMP word: the identifier of a query, 0 to 65535. */
  public int icmpId() {
    return icmpId;
  }

  /** Sets the upper half of the third ICMP word: the identifier of a query, 0 to 65535. */
  @CanIgnoreReturnValue
  public Packet icmpId(int icmpId) {
    this.icmpId = icmpId;
    return this;
  }

  /**
   * Returns the lower half of the third ICMP word: the sequence number of a query, or the MTU of an
   * IPv4 fragmentation-needed error, 0 to 65535.
   */
  public int icmpSequence() {
    return icmpSequence;
  }

  /**
   * Sets the lower half of the third ICMP word: the sequence number of a query, or the MTU of an
   * IPv4 fragmentation-needed error, 0 to 65535.
   */
  @CanIgnoreReturnValue
  public Packet icmpSequence(int icmpSequence) {
    this.icmpSequence = icmpSequence;
    return this;
  }

  /**
   * Returns the number of bytes behind the transport header; behind the IP header for a later
   * fragment or a protocol without a modelled header.
   */
  public int payloadLength() {
    return payloadLength;
  }

  /**
   * Sets the number of bytes behind the transport header; behind the IP header for a later fragment
   * or a protocol without a modelled header.
   */
  @CanIgnoreReturnValue
  public Packet payloadLength(int payloadLength) {
    this.payloadLength = payloadLength;
    return this;
  }

  /** Returns the packet mark ({@code skb->mark}), unsigned. */
  public int mark() {
    return mark;
  }

  /** Sets the packet mark ({@code skb->mark}), unsigned. */
  @CanIgnoreReturnValue
  public Packet mark(int mark) {
    this.mark = mark;
    return this;
  }

  /**
   * Returns the packet priority ({@code skb->priority}), unsigned; major:minor of a traffic class.
   */
  public int priority() {
    return priority;
  }

  /** Sets the packet priority ({@code skb->priority}), unsigned; major:minor of a traffic class. */
  @CanIgnoreReturnValue
  public Packet priority(int priority) {
    this.priority = priority;
    return this;
  }

  /** Returns the user of the sending socket, or {@link #NO_OWNER}. */
  public int ownerUid() {
    return ownerUid;
  }

  /** Sets the user of the sending socket, or {@link #NO_OWNER}. */
  @CanIgnoreReturnValue
  public Packet ownerUid(int ownerUid) {
    this.ownerUid = ownerUid;
    return this;
  }

  /** Returns the group of the sending socket, or {@link #NO_OWNER}. */
  public int ownerGid() {
    return ownerGid;
  }

  /** Sets the group of the sending socket, or {@link #NO_OWNER}. */
  @CanIgnoreReturnValue
  public Packet ownerGid(int ownerGid) {
    this.ownerGid = ownerGid;
    return this;
  }

  /** Returns the fragments that this packet was put together from. */
  public Pieces pieces() {
    return pieces;
  }

  /** Sets the fragments that this packet was put together from. */
  @CanIgnoreReturnValue
  public Packet pieces(Pieces pieces) {
    this.pieces = pieces;
    return this;
  }

  /** Makes the first of the pieces hold the transport header without options (pskb_may_pull). */
  public void pullTransportHeader() {
    if (protocol == IpProtocol.TCP) {
      pieces = pieces.pulled(TCP_HEADER_BYTES);
    } else if (protocol == IpProtocol.SCTP) {
      pieces = pieces.pulled(SCTP_HEADER_BYTES);
    } // others fit into the smallest fragment
  }

  /** Sets whether this is an IPv6 packet that is whole and has a fragment header (RFC 6946). */
  @CanIgnoreReturnValue
  public Packet atomicFragment(boolean atomicFragment) {
    this.atomicFragment = atomicFragment;
    return this;
  }

  /** Returns whether this is an IPv6 packet with a fragment header, even if it is whole. */
  public boolean hasFragmentHeader() {
    return family == IpFamily.IPV6 && (isFragment() || atomicFragment);
  }

  /** Returns whether the DF bit is set. */
  public boolean dontFragment() {
    return dontFragment;
  }

  /** Sets whether the DF bit is set. */
  @CanIgnoreReturnValue
  public Packet dontFragment(boolean dontFragment) {
    this.dontFragment = dontFragment;
    return this;
  }

  /** Returns whether the MF bit is set. */
  public boolean moreFragments() {
    return moreFragments;
  }

  /** Sets whether the MF bit is set. */
  @CanIgnoreReturnValue
  public Packet moreFragments(boolean moreFragments) {
    this.moreFragments = moreFragments;
    return this;
  }

  /**
   * Returns whether the packet ends inside the transport header, so that no port and no flag can be
   * read.
   */
  public boolean transportTruncated() {
    return transportTruncated;
  }

  /**
   * Sets whether the packet ends inside the transport header, so that no port and no flag can be
   * read.
   */
  @CanIgnoreReturnValue
  public Packet transportTruncated(boolean transportTruncated) {
    this.transportTruncated = transportTruncated;
    return this;
  }

  /** Returns whether the transport checksum is right. */
  public boolean checksumValid() {
    return checksumValid;
  }

  /** Sets whether the transport checksum is right. */
  @CanIgnoreReturnValue
  public Packet checksumValid(boolean checksumValid) {
    this.checksumValid = checksumValid;
    return this;
  }

  /** Returns whether a TRACE target marked the packet ({@code skb->nf_trace}). */
  public boolean traced() {
    return traced;
  }

  /** Sets whether a TRACE target marked the packet ({@code skb->nf_trace}). */
  @CanIgnoreReturnValue
  public Packet traced(boolean traced) {
    this.traced = traced;
    return this;
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
    return this;
  }

  /** Returns the TCP options, a multiple of 4 bytes; the array is not copied. */
  public byte[] tcpOptions() {
    return tcpOptions;
  }

  /** Sets the TCP options, a multiple of 4 bytes; the array is not copied. */
  @CanIgnoreReturnValue
  public Packet tcpOptions(byte[] tcpOptions) {
    checkArgument(
        tcpOptions.length % 4 == 0 && tcpOptions.length <= 40,
        "options are 0 to 40 bytes in words of 4, found %s",
        tcpOptions.length);
    this.tcpOptions = tcpOptions;
    return this;
  }

  /**
   * Returns the known first bytes of the payload; bytes up to {@link #payloadLength} that are not
   * given read as {@code 'x'}. The array is not copied.
   */
  public byte[] payload() {
    return payload;
  }

  /** Sets the payload and its length. */
  @CanIgnoreReturnValue
  public Packet payload(byte[] payload) {
    this.payload = payload;
    this.payloadLength = payload.length;
    return this;
  }

  /** Returns whether the payload is the packet that an ICMP error quotes. */
  public boolean hasInner() {
    return inner != null;
  }

  /**
   * Returns the packet that this ICMP error quotes.
   *
   * @throws IllegalStateException if this is none, see {@link #hasInner}
   */
  public Packet inner() {
    checkState(inner != null, "no quoted packet");
    return inner;
  }

  /** Makes this an ICMP error that quotes the first {@code quotedBytes} bytes of a packet. */
  @CanIgnoreReturnValue
  public Packet inner(Packet inner, int quotedBytes) {
    this.inner = inner;
    this.payloadLength = quotedBytes;
    return this;
  }

  /** Returns to whom the link layer addressed the packet. */
  public LinkType linkType() {
    return linkType;
  }

  /** Sets to whom the link layer addressed the packet. */
  @CanIgnoreReturnValue
  public Packet linkType(LinkType linkType) {
    this.linkType = linkType;
    return this;
  }

  /** Returns the Ethernet source in 48 bits, or {@link #NO_MAC}. */
  public long sourceMac() {
    return sourceMac;
  }

  /** Sets the Ethernet source in 48 bits, or {@link #NO_MAC}. */
  @CanIgnoreReturnValue
  public Packet sourceMac(long sourceMac) {
    this.sourceMac = sourceMac;
    return this;
  }

  /** Returns the name of the bridge port by which a bridged packet came in, or "". */
  public String bridgePortIn() {
    return bridgePortIn;
  }

  /** Returns the name of the bridge port by which a bridged packet will leave, or "". */
  public String bridgePortOut() {
    return bridgePortOut;
  }

  /** Sets the bridge ports of a bridged packet; "" where there is none. */
  @CanIgnoreReturnValue
  public Packet bridgePorts(String in, String out) {
    this.bridgePortIn = in;
    this.bridgePortOut = out;
    return this;
  }

  /** Returns what a model attached under the key, or the key's absent value. */
  @SuppressWarnings("unchecked") // only attach() stores, under the key's own type
  public <T> T attachment(AttachmentKey<T> key) {
    int index = key.index();
    Object value = index < attachments.length ? attachments[index] : null;
    return value == null ? key.absent() : (T) value;
  }

  /** Attaches a value that later hook functions can ask for. */
  public <T> void attach(AttachmentKey<T> key, T value) {
    int index = key.index();
    if (index >= attachments.length) {
      attachments = java.util.Arrays.copyOf(attachments, index + 4);
    }
    attachments[index] = value;
  }

  /** Forgets all attachments. */
  public void clearAttachments() {
    java.util.Arrays.fill(attachments, null);
  }

  /** Returns whether this is a fragment other than the first, which carries no transport header. */
  public boolean isLaterFragment() {
    return fragmentOffset != 0;
  }

  /** Returns whether this is any fragment of a larger packet. */
  public boolean isFragment() {
    return fragmentOffset != 0 || moreFragments;
  }

  /** Returns whether a socket of this host sent the packet. */
  public boolean hasOwner() {
    return ownerUid != NO_OWNER;
  }

  /** Returns whether this is an ICMP or ICMPv6 packet of the family's own protocol. */
  public boolean isIcmp() {
    return protocol == (family == IpFamily.IPV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6);
  }

  /** Returns the bytes of the IP header with its options or its fragment header. */
  public int networkHeaderBytes() {
    if (family == IpFamily.IPV4) {
      return IPV4_HEADER_BYTES + ipOptions.length;
    }
    return IPV6_HEADER_BYTES + (hasFragmentHeader() ? IPV6_FRAGMENT_HEADER_BYTES : 0);
  }

  /**
   * Returns the bytes of the transport header; 0 for a later fragment or an unmodelled protocol.
   */
  public int transportHeaderBytes() {
    if (fragmentOffset != 0 || transportTruncated) {
      return 0;
    }
    return switch (protocol) {
      case IpProtocol.TCP -> TCP_HEADER_BYTES + tcpOptions.length;
      case IpProtocol.UDP, IpProtocol.UDPLITE -> 8;
      case IpProtocol.SCTP, IpProtocol.DCCP -> SCTP_HEADER_BYTES;
      case IpProtocol.ICMP -> family == IpFamily.IPV4 ? 8 : 0;
      case IpProtocol.ICMPV6 -> family == IpFamily.IPV6 ? 8 : 0;
      default -> 0;
    };
  }

  /** Returns the bytes of the whole packet from the IP header on ({@code skb->len}). */
  public int length() {
    return networkHeaderBytes() + transportHeaderBytes() + payloadLength;
  }

  /** Returns a deep copy of headers and metadata; attachments are shared. */
  public Packet copy() {
    Packet copy = new Packet();
    copy.copyFrom(this);
    return copy;
  }

  /**
   * Takes over all that another packet holds; does not allocate where that quotes no packet and has
   * no attachment that this never had room for.
   */
  public void copyFrom(Packet other) {
    transportFrom(other);
    family = other.family;
    sourceHigh = other.sourceHigh;
    sourceLow = other.sourceLow;
    destinationHigh = other.destinationHigh;
    destinationLow = other.destinationLow;
    ttl = other.ttl;
    tos = other.tos;
    id = other.id;
    fragmentOffset = other.fragmentOffset;
    mark = other.mark;
    priority = other.priority;
    ownerUid = other.ownerUid;
    ownerGid = other.ownerGid;
    pieces = other.pieces;
    dontFragment = other.dontFragment;
    moreFragments = other.moreFragments;
    atomicFragment = other.atomicFragment;
    checksumValid = other.checksumValid;
    traced = other.traced;
    ipOptions = other.ipOptions;
    linkType = other.linkType;
    sourceMac = other.sourceMac;
    bridgePortIn = other.bridgePortIn;
    bridgePortOut = other.bridgePortOut;
    attachmentsFrom(other.attachments);
  }

  private void attachmentsFrom(@Nullable Object[] others) {
    if (attachments.length < others.length) {
      attachments = others.clone();
      return;
    }
    System.arraycopy(others, 0, attachments, 0, others.length);
    java.util.Arrays.fill(attachments, others.length, attachments.length, null);
  }

  /** Takes over protocol, transport header and payload of another packet. */
  void transportFrom(Packet other) {
    protocol = other.protocol;
    sourcePort = other.sourcePort;
    destinationPort = other.destinationPort;
    tcpFlags = other.tcpFlags;
    tcpSequence = other.tcpSequence;
    tcpAcknowledgment = other.tcpAcknowledgment;
    tcpWindow = other.tcpWindow;
    sctpTag = other.sctpTag;
    icmpType = other.icmpType;
    icmpCode = other.icmpCode;
    icmpId = other.icmpId;
    icmpSequence = other.icmpSequence;
    payloadLength = other.payloadLength;
    transportTruncated = other.transportTruncated;
    tcpOptions = other.tcpOptions;
    payload = other.payload;
    inner = other.inner == null ? null : other.inner.copy();
  }

  /** Returns the packet in the words of the command line: protocol, addresses, ports, flags. */
  @Override
  public String toString() {
    return PacketText.describe(this);
  }
}
