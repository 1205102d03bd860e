package dev.packetpath.core.net;

/** The address family of a packet, a table or an address. */
public enum IpFamily {
  /** IPv4, RFC 791. */
  IPV4(32, 68),
  /** IPv6, RFC 8200. */
  IPV6(128, 1280);

  private final int bits;
  private final int leastMtu;

  IpFamily(int bits, int leastMtu) {
    this.bits = bits;
    this.leastMtu = leastMtu;
  }

  /** Returns the number of bits of an address: 32 or 128. */
  public int bits() {
    return bits;
  }

  /** Returns the bytes of a packet that each link must take whole: 68 or 1280. */
  public int leastMtu() {
    return leastMtu;
  }
}
