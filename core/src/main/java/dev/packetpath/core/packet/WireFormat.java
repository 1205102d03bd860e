package dev.packetpath.core.packet;

/**
 * Packets as bytes, from the IP header on.
 *
 * <p>Reads and writes IPv4 (RFC 791), IPv6 with a fragment header (RFC 8200) and authentication
 * headers (RFC 4302), TCP (RFC 9293), UDP and UDP-Lite (RFC 768, RFC 3828), SCTP's common header
 * (RFC 9260), ICMP (RFC 792) and ICMPv6 (RFC 4443) with the packet that an error quotes. Written
 * checksums are right, or wrong by one bit where {@link Packet#checksumValid} is false. Other
 * protocols are payload.
 */
public final class WireFormat {
  private WireFormat() {}

  /** Returns the bytes of a packet; their number is {@link Packet#length}. */
  public static byte[] encode(Packet packet) {
    return PacketEncoder.encode(packet);
  }

  /**
   * Takes the authentication headers of an IPv6 packet and what is behind them out of its payload,
   * if its protocol is theirs.
   */
  public static void unfold(Packet packet) {
    AuthenticationHeaders.unfold(packet);
  }

  /** Returns a packet whose authentication headers are payload; the same if it has none. */
  public static Packet folded(Packet packet) {
    return AuthenticationHeaders.folded(packet);
  }

  /**
   * Returns the packet that the bytes hold. The bytes may end early, as in the quote of an ICMP
   * error: what is there of the transport header is read as far as the ports.
   *
   * @throws IllegalArgumentException if there is no whole IPv4 or IPv6 header
   */
  public static Packet decode(byte[] bytes) {
    return PacketDecoder.decode(bytes);
  }
}
