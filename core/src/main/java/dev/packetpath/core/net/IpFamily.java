package dev.packetpath.core.net;

/** The address family of a packet, a table or an address. */
public enum IpFamily {
  /** IPv4, RFC 791. */
  IPV4(32),
  /** IPv6, RFC 8200. */
  IPV6(128);

  private final int bits;

  IpFamily(int bits) {
    this.bits = bits;
  }

  /** Returns the number of bits of an address: 32 or 128. */
  public int bits() {
    return bits;
  }
}
