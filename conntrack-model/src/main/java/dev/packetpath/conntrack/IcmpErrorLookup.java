package dev.packetpath.conntrack;

import dev.packetpath.core.Work;
import dev.packetpath.core.packet.Packet;

/**
 * Finds the connection that an ICMP or ICMPv6 error is about (nf_conntrack_inet_error in
 * net/netfilter/nf_conntrack_proto_icmp.c, Linux 6.1).
 */
final class IcmpErrorLookup {
  private final Entries entries;
  private final Work work;
  private final TupleKey key = new TupleKey();

  IcmpErrorLookup(Entries entries, Work work) {
    this.entries = entries;
    this.work = work;
  }

  /** Gives an error the connection it is about; returns why it has none, "" if it has one. */
  String lookUp(Packet error, Zone zone) {
    if (!error.hasInner()) {
      return "an ICMP error that quotes no packet";
    }
    Packet quoted = error.inner();
    Tuple tuple =
        quoted.family() == error.family()
            ? TupleReader.readUntracked(quoted).inverse()
            : Tuple.NONE;
    if (tuple.equals(Tuple.NONE)) {
      return "an ICMP error about a packet that cannot be tracked";
    }
    work.add(ConntrackOperations.LOOKUP);
    ConntrackTable table = entries.live();
    int node = table.find(key.set(tuple), zone);
    if (node == ConntrackTable.NONE) {
      return "an ICMP error about no known connection";
    }
    if (error.destinationHigh() != tuple.destinationHigh()
        || error.destinationLow() != tuple.destinationLow()) {
      return "an ICMP error to another than the sender of what it quotes";
    }
    boolean reply = ConntrackTable.direction(node) == Direction.REPLY;
    PacketConnection.set(
        error,
        table.connection(node),
        reply ? ConnectionState.RELATED_REPLY : ConnectionState.RELATED);
    return "";
  }
}
