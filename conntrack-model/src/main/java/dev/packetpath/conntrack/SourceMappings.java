package dev.packetpath.conntrack;

import dev.packetpath.core.Work;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The connections of each source, newest first, so that one source keeps one translation
 * (nf_nat_bysource in net/netfilter/nf_nat_core.c, Linux 6.1). A connection is listed once it is in
 * the table.
 */
final class SourceMappings {
  private record Source(int protocol, long high, long low, int port, int zone) {}

  private final Map<Source, Deque<Connection>> bySource = new HashMap<>();
  private final Work work;

  SourceMappings(Work work) {
    this.work = work;
  }

  void add(Connection connection) {
    if (connection.hasAny(ConnectionStatus.SRC_NAT_DONE)) {
      bySource.computeIfAbsent(key(connection), key -> new ArrayDeque<>()).addFirst(connection);
    }
  }

  void remove(Connection connection) {
    bySource.computeIfPresent(
        key(connection),
        (key, list) -> {
          list.remove(connection);
          return list.isEmpty() ? null : list;
        });
  }

  /**
   * Returns the tuple with the source that the newest fitting connection of the same source has
   * after translation, {@link Tuple#NONE} if none fits.
   */
  Tuple translated(Tuple tuple, int zone, Predicate<Tuple> fits) {
    work.add(ConntrackOperations.NAT_SOURCE_LOOKUP);
    Deque<Connection> list = bySource.get(key(tuple, zone));
    if (list != null) {
      for (Connection connection : list) {
        work.add(ConntrackOperations.ENTRY_COMPARED);
        Tuple outgoing = connection.reply().inverse();
        Tuple candidate =
            tuple
                .withSource(outgoing.sourceHigh(), outgoing.sourceLow())
                .withPorts(outgoing.sourcePort(), tuple.destinationPort());
        if (fits.test(candidate)) {
          return candidate;
        }
      }
    }
    return Tuple.NONE;
  }

  private static Source key(Connection connection) {
    return key(connection.original(), connection.zoneOfDirections().idIn(Direction.ORIGINAL));
  }

  private static Source key(Tuple tuple, int zone) {
    return new Source(
        tuple.protocol(), tuple.sourceHigh(), tuple.sourceLow(), tuple.sourcePort(), zone);
  }
}
