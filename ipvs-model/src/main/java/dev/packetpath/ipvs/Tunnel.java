package dev.packetpath.ipvs;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * How packets are wrapped that go to a server through a tunnel.
 *
 * @param type the protocol of the tunnel
 * @param port the port of UDP that the server takes GUE at, 1 to 65535; 0 for the other types
 * @param checksum what protects a wrapped packet; IPIP has no checksum, and GRE no remote one
 */
public record Tunnel(Type type, int port, Checksum checksum) {
  /** A packet behind another IP header and nothing between (RFC 2003, RFC 2473). */
  public static final Tunnel IPIP = new Tunnel(Type.IPIP, 0, Checksum.NONE);

  /** The protocol of a tunnel. */
  public enum Type {
    /** An IP header alone. */
    IPIP,
    /** Generic UDP encapsulation (draft-ietf-intarea-gue). */
    GUE,
    /** Generic routing encapsulation (RFC 2784). */
    GRE
  }

  /** The checksum of a tunnel. */
  public enum Checksum {
    /** None. */
    NONE,
    /** That of UDP, or of GRE. */
    OUTER,
    /** That of UDP; the one inside is left to the receiver where it is not computed yet. */
    REMOTE
  }

  /** Checks that the parts fit together. */
  public Tunnel {
    boolean gue = type == Type.GUE;
    checkArgument(
        gue ? port > 0 && port <= 0xffff : port == 0,
        gue ? "port of gue out of range 1..65535: %s" : "a port of gue alone, found %s",
        port);
    checkArgument(
        checksum == Checksum.NONE || gue || (type == Type.GRE && checksum == Checksum.OUTER),
        "no checksum %s of %s",
        checksum,
        type);
  }

  /** Returns how many bytes stand between the outer IP header and the packet. */
  int headerBytes() {
    return switch (type) {
      case IPIP -> 0;
      case GUE -> 12;
      case GRE -> checksum == Checksum.OUTER ? 8 : 4;
    };
  }
}
