package dev.packetpath.core.packet;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;

/** The part of a {@link Packet} that its transport header holds: of TCP, UDP, SCTP or ICMP. */
abstract sealed class TransportPart extends NetworkPart permits Packet {
  /** The bytes of a TCP header without options. */
  public static final int TCP_HEADER_BYTES = 20;

  static final int SCTP_HEADER_BYTES = 12;

  private static final byte[] NO_OPTIONS = new byte[0];

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
  private byte[] tcpOptions = NO_OPTIONS;

  /** Sets both ports, each 0 to 65535. */
  @CanIgnoreReturnValue
  public Packet ports(int source, int destination) {
    return sourcePort(source).destinationPort(destination);
  }

  /** Returns the source port, 0 to 65535; 0 for protocols without ports. */
  public int sourcePort() {
    return sourcePort;
  }

  /** Sets the source port, 0 to 65535; 0 for protocols without ports. */
  @CanIgnoreReturnValue
  public Packet sourcePort(int sourcePort) {
    this.sourcePort = sourcePort;
    return packet();
  }

  /** Returns the destination port, 0 to 65535; 0 for protocols without ports. */
  public int destinationPort() {
    return destinationPort;
  }

  /** Sets the destination port, 0 to 65535; 0 for protocols without ports. */
  @CanIgnoreReturnValue
  public Packet destinationPort(int destinationPort) {
    this.destinationPort = destinationPort;
    return packet();
  }

  /** Returns the TCP flag bits, see {@link TcpFlags}. */
  public int tcpFlags() {
    return tcpFlags;
  }

  /** Sets the TCP flag bits, see {@link TcpFlags}. */
  @CanIgnoreReturnValue
  public Packet tcpFlags(int tcpFlags) {
    this.tcpFlags = tcpFlags;
    return packet();
  }

  /** Returns the TCP sequence number, unsigned. */
  public int tcpSequence() {
    return tcpSequence;
  }

  /** Sets the TCP sequence number, unsigned. */
  @CanIgnoreReturnValue
  public Packet tcpSequence(int tcpSequence) {
    this.tcpSequence = tcpSequence;
    return packet();
  }

  /** Returns the TCP acknowledgment number, unsigned. */
  public int tcpAcknowledgment() {
    return tcpAcknowledgment;
  }

  /** Sets the TCP acknowledgment number, unsigned. */
  @CanIgnoreReturnValue
  public Packet tcpAcknowledgment(int tcpAcknowledgment) {
    this.tcpAcknowledgment = tcpAcknowledgment;
    return packet();
  }

  /** Returns the TCP window as it stands in the header, unscaled, 0 to 65535. */
  public int tcpWindow() {
    return tcpWindow;
  }

  /** Sets the TCP window as it stands in the header, unscaled, 0 to 65535. */
  @CanIgnoreReturnValue
  public Packet tcpWindow(int tcpWindow) {
    this.tcpWindow = tcpWindow;
    return packet();
  }

  /** Returns the SCTP verification tag, unsigned. */
  public int sctpTag() {
    return sctpTag;
  }

  /** Sets the SCTP verification tag, unsigned. */
  @CanIgnoreReturnValue
  public Packet sctpTag(int sctpTag) {
    this.sctpTag = sctpTag;
    return packet();
  }

  /** Returns the ICMP or ICMPv6 type, 0 to 255. */
  public int icmpType() {
    return icmpType;
  }

  /** Sets the ICMP or ICMPv6 type, 0 to 255. */
  @CanIgnoreReturnValue
  public Packet icmpType(int icmpType) {
    this.icmpType = icmpType;
    return packet();
  }

  /** Returns the ICMP or ICMPv6 code, 0 to 255. */
  public int icmpCode() {
    return icmpCode;
  }

  /** Sets the ICMP or ICMPv6 code, 0 to 255. */
  @CanIgnoreReturnValue
  public Packet icmpCode(int icmpCode) {
    this.icmpCode = icmpCode;
    return packet();
  }

  /** Returns the upper half of the third ICMP word: the identifier of a query, 0 to 65535. */
  public int icmpId() {
    return icmpId;
  }

  /** Sets the upper half of the third ICMP word: the identifier of a query, 0 to 65535. */
  @CanIgnoreReturnValue
  public Packet icmpId(int icmpId) {
    this.icmpId = icmpId;
    return packet();
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
    return packet();
  }

  /**
   * Returns whether the packet ends inside the transport header, so that no port and no flag can be
   * read.
   */
  public boolean transportTruncated() {
    return isOdd(TRUNCATED);
  }

  /**
   * Sets whether the packet ends inside the transport header, so that no port and no flag can be
   * read.
   */
  @CanIgnoreReturnValue
  public Packet transportTruncated(boolean transportTruncated) {
    odd(TRUNCATED, transportTruncated);
    resized();
    return packet();
  }

  /** Returns whether the transport checksum is right. */
  public boolean checksumValid() {
    return !isOdd(WRONG_CHECKSUM);
  }

  /** Sets whether the transport checksum is right. */
  @CanIgnoreReturnValue
  public Packet checksumValid(boolean checksumValid) {
    odd(WRONG_CHECKSUM, !checksumValid);
    return packet();
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
    resized();
    return packet();
  }

  /**
   * Returns the bytes of the transport header; 0 for a later fragment or an unmodelled protocol.
   */
  public int transportHeaderBytes() {
    if (isLaterFragment() || transportTruncated()) {
      return 0;
    }
    return switch (protocol()) {
      case IpProtocol.TCP -> TCP_HEADER_BYTES + tcpOptions.length;
      case IpProtocol.UDP, IpProtocol.UDPLITE -> 8;
      case IpProtocol.SCTP, IpProtocol.DCCP -> SCTP_HEADER_BYTES;
      case IpProtocol.ICMP -> family() == IpFamily.IPV4 ? 8 : 0;
      case IpProtocol.ICMPV6 -> family() == IpFamily.IPV6 ? 8 : 0;
      default -> 0;
    };
  }

  /** Takes over the transport header of another packet, not whether its checksum is right. */
  final void copyTransportPart(TransportPart other) {
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
    odd(TRUNCATED, other.isOdd(TRUNCATED));
    tcpOptions = other.tcpOptions;
    resized();
  }
}
