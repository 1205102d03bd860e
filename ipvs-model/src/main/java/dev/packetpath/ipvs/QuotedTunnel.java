package dev.packetpath.ipvs;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds the client's packet in an ICMP error about a packet that a tunnel of ip_vs sent (the first
 * part of ip_vs_in_icmp, ipvs_udp_decap and ipvs_gre_decap of net/netfilter/ipvs/ip_vs_core.c,
 * Linux 6.1).
 */
final class QuotedTunnel {
  private static final int ICMP_BYTES = 8;
  private static final int UDP_BYTES = 8;
  private static final int GUE_BYTES = 4;
  private static final int LEAST_IPV4_HEADER = 20;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int GRE_CHECKSUM = 0x8000;

  /** What an error quotes. */
  sealed interface Quote {
    /** No packet of a tunnel. */
    record Plain() implements Quote {}

    /** A packet of a tunnel, of which too little is quoted or which is not one of ip_vs. */
    record Unreadable() implements Quote {}

    /**
     * A packet of a tunnel of ip_vs.
     *
     * @param request the client's packet inside
     * @param requestBytes how many of its bytes are quoted
     * @param outerBytes how many bytes of headers the tunnel has, an IP header without options
     *     among them
     */
    record Wrapped(Packet request, int requestBytes, int outerBytes) implements Quote {}
  }

  private static final Quote PLAIN = new Quote.Plain();
  private static final Quote UNREADABLE = new Quote.Unreadable();

  private QuotedTunnel() {}

  /** Reads what an ICMP error of IPv4 to this host quotes. */
  static Quote read(Packet error, Ipvs ipvs) {
    Packet quoted = error.inner();
    boolean ipip = quoted.protocol() == IpProtocol.IPIP;
    boolean mayBeTunnel =
        ipip || quoted.protocol() == IpProtocol.UDP || quoted.protocol() == IpProtocol.GRE;
    if (!mayBeTunnel || quoted.family() != IpFamily.IPV4) {
      return PLAIN;
    }
    if (quoted.isLaterFragment()) {
      return UNREADABLE;
    }
    byte[] all = WireFormat.encode(error);
    int start = error.networkHeaderBytes() + ICMP_BYTES + quoted.networkHeaderBytes();
    byte[] behindHeader = Arrays.copyOfRange(all, Math.min(start, all.length), all.length);
    if (ipip) {
      return ipvs.hasTunnel(quoted.destination(), Tunnel.Type.IPIP, 0)
          ? inside(behindHeader, 0)
          : UNREADABLE;
    }
    int header =
        quoted.protocol() == IpProtocol.UDP
            ? gueHeader(quoted, behindHeader, ipvs)
            : greHeader(quoted, behindHeader, ipvs);
    return header == 0 ? PLAIN : inside(behindHeader, header);
  }

  /** Returns the length of the headers of UDP and GUE, 0 if they are not of a tunnel. */
  private static int gueHeader(Packet quoted, byte[] bytes, Ipvs ipvs) {
    if (bytes.length < UDP_BYTES + GUE_BYTES
        || !ipvs.hasTunnel(quoted.destination(), Tunnel.Type.GUE, quoted.destinationPort())) {
      return 0;
    }
    int first = bytes[UDP_BYTES] & 0xff;
    boolean data = (first & 0xe0) == 0;
    return data && bytes[UDP_BYTES + 1] == IpProtocol.IPIP
        ? UDP_BYTES + GUE_BYTES + (first & 0x1f) * 4
        : 0;
  }

  /** Returns the length of the header of GRE, 0 if it is not of a tunnel. */
  private static int greHeader(Packet quoted, byte[] bytes, Ipvs ipvs) {
    if (bytes.length < 4 || !ipvs.hasTunnel(quoted.destination(), Tunnel.Type.GRE, 0)) {
      return 0;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int flags = header.getShort() & 0xffff;
    boolean readable =
        (flags & ~GRE_CHECKSUM) == 0 && (header.getShort() & 0xffff) == ETHERTYPE_IPV4;
    return readable ? 4 + ((flags & GRE_CHECKSUM) == 0 ? 0 : 4) : 0;
  }

  private static Quote inside(byte[] bytes, int start) {
    if (bytes.length - start < LEAST_IPV4_HEADER || bytes[start] >>> 4 != 4) {
      return UNREADABLE;
    }
    try {
      Packet request = WireFormat.decode(Arrays.copyOfRange(bytes, start, bytes.length));
      return new Quote.Wrapped(request, bytes.length - start, LEAST_IPV4_HEADER + start);
    } catch (IllegalArgumentException e) {
      return UNREADABLE;
    }
  }
}
