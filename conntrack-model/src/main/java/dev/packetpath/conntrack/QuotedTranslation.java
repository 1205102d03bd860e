package dev.packetpath.conntrack;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IcmpTypes;
import dev.packetpath.core.packet.Packet;

/**
 * Translates an ICMP or ICMPv6 error about a connection: what it quotes, and where it comes from or
 * goes to (nf_nat_icmp_reply_translation in net/netfilter/nf_nat_proto.c, Linux 6.1).
 */
final class QuotedTranslation {
  private final PacketRewriter rewriter;

  QuotedTranslation(PacketRewriter rewriter) {
    this.rewriter = rewriter;
  }

  /** Translates an error; returns whether it may go on. */
  boolean translate(Packet error, Connection connection, Direction direction, ManipType type) {
    if (!error.checksumValid() || !error.hasInner()) {
      return false;
    }
    boolean redirect = error.family() == IpFamily.IPV4 && error.icmpType() == IcmpTypes.REDIRECT;
    boolean undecided =
        (connection.status() & ConnectionStatus.NAT_DONE_MASK) != ConnectionStatus.NAT_DONE_MASK;
    if (redirect && (undecided || connection.hasAny(ConnectionStatus.NAT_MASK))) {
      return false;
    }
    int changes = type.statusBit();
    if (direction == Direction.REPLY) {
      changes ^= ConnectionStatus.NAT_MASK;
    }
    if (connection.hasAny(changes)) {
      Packet quoted = error.inner();
      int bytes = error.payloadLength() - quoted.networkHeaderBytes();
      if (!PacketRewriter.isTranslatable(quoted, bytes)) {
        return false;
      }
      rewriter.rewriteQuoted(quoted, connection, direction, type.opposite());
      rewriter.rewrite(error, connection, direction, type);
    }
    return true;
  }
}
