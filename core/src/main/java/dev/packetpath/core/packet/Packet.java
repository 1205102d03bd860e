package dev.packetpath.core.packet;

import static com.google.common.base.Preconditions.checkState;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
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
public final class Packet extends TransportPart {
  /** The owner of a packet that no local socket sent. */
  public static final int NO_OWNER = -1;

  /** The link-layer source of a packet without an Ethernet header. */
  public static final long NO_MAC = -1;

  private static final byte[] EMPTY = new byte[0];

  private int payloadLength;
  private int mark;
  private int priority;
  private int ownerUid = NO_OWNER;
  private int ownerGid = NO_OWNER;
  private boolean ofKernelSocket;
  private boolean traced;
  private Pieces pieces = Pieces.NONE;
  private byte[] payload = EMPTY;
  private @Nullable Packet inner;
  private LinkType linkType = LinkType.HOST;
  private long sourceMac = NO_MAC;
  private String bridgePortIn = "";
  private String bridgePortOut = "";

  /** Creates an empty IPv4 TCP packet from and to {@code 0.0.0.0}, TTL 64. */
  public Packet() {}

  @Override
  Packet packet() {
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
    resized();
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
    odd(IN_PIECES, !pieces.equals(Pieces.NONE));
    return this;
  }

  /** Makes the first of the pieces hold the transport header without options (pskb_may_pull). */
  public void pullTransportHeader() {
    if (!isOdd(IN_PIECES)) {
      return;
    }
    int before = authentication().length;
    if (protocol() == IpProtocol.TCP) {
      pieces(pieces.pulled(before + TCP_HEADER_BYTES));
    } else if (protocol() == IpProtocol.SCTP) {
      pieces(pieces.pulled(before + SCTP_HEADER_BYTES));
    } // others fit into the smallest fragment
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
    return payloadLength(payload.length);
  }

  /** Returns whether the payload ends with a packet: what an ICMP error quotes, or a tunnel's. */
  public boolean hasInner() {
    return inner != null;
  }

  /**
   * Returns the packet that this ICMP error quotes, or that this packet of a tunnel holds behind
   * the bytes of {@link #payload}.
   *
   * @throws IllegalStateException if this is none, see {@link #hasInner}
   */
  public Packet inner() {
    checkState(inner != null, "no quoted packet");
    return inner;
  }

  /**
   * Makes this an ICMP error that quotes the first {@code quotedBytes} bytes of a packet; of a
   * tunnel's packet the bytes in front of the one inside are among them.
   */
  @CanIgnoreReturnValue
  public Packet inner(Packet inner, int quotedBytes) {
    this.inner = inner;
    return payloadLength(quotedBytes);
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

  /** Returns whether a socket of this host sent the packet, a process's or the kernel's own. */
  public boolean hasSocket() {
    return ownerUid != NO_OWNER || ofKernelSocket;
  }

  /** Returns whether a socket sent the packet that no process opened, as ICMP errors have it. */
  public boolean isOfKernelSocket() {
    return ofKernelSocket;
  }

  /** Sets whether a socket sent the packet that no process opened. */
  @CanIgnoreReturnValue
  public Packet ofKernelSocket(boolean ofKernelSocket) {
    this.ofKernelSocket = ofKernelSocket;
    return this;
  }

  @Override
  public int networkPayloadBytes() {
    return transportHeaderBytes() + payloadLength;
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
    copyNetworkPart(other);
    transportFrom(other);
    checksumValid(other.checksumValid());
    mark = other.mark;
    priority = other.priority;
    ownerUid = other.ownerUid;
    ownerGid = other.ownerGid;
    ofKernelSocket = other.ofKernelSocket;
    pieces(other.pieces);
    traced = other.traced;
    linkType = other.linkType;
    sourceMac = other.sourceMac;
    bridgePortIn = other.bridgePortIn;
    bridgePortOut = other.bridgePortOut;
    copyAttachments(other);
  }

  /** Takes over protocol, transport header and payload of another packet. */
  void transportFrom(Packet other) {
    protocol(other.protocol());
    copyTransportPart(other);
    payloadLength(other.payloadLength);
    payload = other.payload;
    inner = other.inner == null ? null : other.inner.copy();
  }

  /** Returns the packet in the words of the command line: protocol, addresses, ports, flags. */
  @Override
  public String toString() {
    return PacketText.describe(this);
  }
}
