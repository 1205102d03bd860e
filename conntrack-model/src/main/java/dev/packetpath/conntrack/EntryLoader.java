package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;

/** Makes connections of written entries. */
final class EntryLoader {
  private EntryLoader() {}

  static void load(ConntrackEntry entry, Entries entries, Trackers trackers, VirtualClock clock) {
    ConntrackTable table = entries.live();
    for (Tuple tuple : new Tuple[] {entry.original(), entry.reply()}) {
      if (table.find(tuple, entry.zone()).exists()) {
        throw new IllegalArgumentException("two entries have the tuple " + tuple);
      }
    }
    Tracking tracking = trackers.of(entry.original().protocol()).begin();
    restore(tracking, entry.state());
    Connection connection = new Connection(entry.original(), entry.reply(), entry.zone(), tracking);
    connection.set(entry.status() | nat(entry.original(), entry.reply()));
    connection.mark(entry.mark());
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

  private static void restore(Tracking tracking, String state) {
    if (tracking instanceof TcpTracking tcp) {
      tcp.state = state.isEmpty() ? TcpState.NONE : TcpState.valueOf(state);
      TcpTracker.trustBothEnds(tcp);
    } else if (tracking instanceof SctpTracking sctp) {
      sctp.state = state.isEmpty() ? SctpState.NONE : SctpState.valueOf(state);
    }
  }
}
