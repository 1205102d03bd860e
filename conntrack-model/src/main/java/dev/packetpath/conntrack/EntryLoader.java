package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpProtocol;

/** Makes connections of written entries. */
final class EntryLoader {
  private static final int LOADED = 0xffff & ~ConnectionStatus.DYING;

  private EntryLoader() {}

  static void load(ConntrackEntry entry, Entries entries, VirtualClock clock) {
    ConntrackTable table = entries.live();
    TupleKey key = new TupleKey();
    for (Tuple tuple : new Tuple[] {entry.original(), entry.reply()}) {
      if (table.find(key.set(tuple), entry.zone()) != ConntrackTable.NONE) {
        throw new IllegalArgumentException("two entries have the tuple " + tuple);
      }
    }
    Connection connection = new Connection(entry.original(), entry.reply(), entry.zone());
    restore(connection, entry.state());
    connection.set((entry.status() & LOADED) | nat(entry.original(), entry.reply()));
    connection.mark(entry.mark());
    connection.helper(entry.helper());
    connection.labels(entry.labelsHigh(), entry.labelsLow());
    if (entry.counted()) {
      connection.account();
      connection.count(Direction.ORIGINAL, entry.originalPackets(), entry.originalBytes());
      connection.count(Direction.REPLY, entry.replyPackets(), entry.replyBytes());
    }
    connection.timeoutNs(clock.nowNs() + entry.remainingSeconds() * VirtualClock.NS_PER_SECOND);
    entries.insert(connection);
  }

  /** Returns the NAT bits that the two tuples tell: both decisions were made. */
  private static int nat(Tuple original, Tuple reply) {
    Tuple unchanged = original.inverse();
    boolean source =
        reply.destinationHigh() != unchanged.destinationHigh()
            || reply.destinationLow() != unchanged.destinationLow()
            || (!original.isIcmp() && reply.destinationPort() != unchanged.destinationPort())
            || (original.isIcmp() && reply.icmpId() != unchanged.icmpId());
    boolean destination =
        reply.sourceHigh() != unchanged.sourceHigh()
            || reply.sourceLow() != unchanged.sourceLow()
            || (!original.isIcmp() && reply.sourcePort() != unchanged.sourcePort());
    return ConnectionStatus.NAT_DONE_MASK
        | (source ? ConnectionStatus.SRC_NAT : 0)
        | (destination ? ConnectionStatus.DST_NAT : 0);
  }

  private static void restore(Connection connection, String state) {
    if (connection.protocol() == IpProtocol.TCP) {
      TcpTracking tcp = new TcpTracking();
      tcp.state = state.isEmpty() ? TcpState.NONE : TcpState.valueOf(state);
      TcpTracker.trustBothEnds(tcp);
      tcp.store(connection);
    } else if (connection.protocol() == IpProtocol.SCTP) {
      SctpTracking sctp = new SctpTracking();
      sctp.state = state.isEmpty() ? SctpState.NONE : SctpState.valueOf(state);
      sctp.store(connection);
    }
  }
}
