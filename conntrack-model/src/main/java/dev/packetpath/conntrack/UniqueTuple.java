package dev.packetpath.conntrack;

import dev.packetpath.core.Work;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;

/**
 * Finds a tuple in a range that no other connection's answers have (get_unique_tuple in
 * net/netfilter/nf_nat_core.c, Linux 6.1).
 */
final class UniqueTuple {
  private final TakenTuples taken;
  private final SourceMappings mappings;
  private final PortSearch ports;
  private final Work work;
  private int probes;

  UniqueTuple(Conntrack conntrack, SourceMappings mappings) {
    Host host = conntrack.host();
    this.taken = conntrack.taken();
    this.mappings = mappings;
    this.ports = new PortSearch(host.decisions());
    this.work = host.work();
  }

  /** Returns how many tuples the last search looked up. */
  int probes() {
    return probes;
  }

  /** Returns what a tuple becomes; it may be taken if the range is exhausted. */
  Tuple find(Tuple tuple, NatRange range, ManipType type, Connection connection) {
    probes = 0;
    if (type == ManipType.SOURCE && !range.drawsPort()) {
      if (fits(tuple, range)) {
        if (!isUsed(tuple, connection)) {
          return tuple;
        }
      } else {
        int zone = connection.zoneOfDirections().idIn(Direction.ORIGINAL);
        Tuple mapped = mappings.translated(tuple, zone, candidate -> fits(candidate, range));
        if (!mapped.equals(Tuple.NONE) && !isUsed(mapped, connection)) {
          return mapped;
        }
      }
    }
    Tuple chosen = AddressChoice.choose(tuple, range, type, connection.zone());
    if (!range.drawsPort()) {
      if (!range.portsGiven()) {
        if (!isUsed(chosen, connection)) {
          return chosen;
        }
      } else if (!range.basePortGiven()
          && portFits(chosen, range, type)
          && (range.minPort() == range.maxPort() || !isUsed(chosen, connection))) {
        return chosen;
      }
    }
    return ports.search(chosen, range, type, candidate -> isUsed(candidate, connection));
  }

  /**
   * Returns whether no other connection has the tuple of a connection's answers, which {@link
   * #find} then leaves as it is for a range of its own address; counts the look-up only in that
   * case.
   */
  boolean isFree(Connection connection) {
    boolean free = taken.isReplyFree(connection);
    if (free) {
      work.add(ConntrackOperations.NAT_PORT_PROBE);
    }
    return free;
  }

  private boolean isUsed(Tuple tuple, Connection connection) {
    probes++;
    work.add(ConntrackOperations.NAT_PORT_PROBE);
    return taken.isTaken(tuple.inverse(), connection);
  }

  /** Returns whether a tuple's source lies in a range already. */
  private static boolean fits(Tuple tuple, NatRange range) {
    if (range.mapsAddress()) {
      IpAddress source = tuple.source();
      if (source.compareTo(range.minAddress()) < 0 || source.compareTo(range.maxAddress()) > 0) {
        return false;
      }
    }
    return !range.portsGiven() || portFits(tuple, range, ManipType.SOURCE);
  }

  private static boolean portFits(Tuple tuple, NatRange range, ManipType type) {
    boolean ported =
        tuple.isIcmp() || Tuple.hasPorts(tuple.protocol()) || tuple.protocol() == IpProtocol.GRE;
    int port =
        tuple.isIcmp() || type == ManipType.SOURCE ? tuple.sourcePort() : tuple.destinationPort();
    return !ported || (port >= range.minPort() && port <= range.maxPort());
  }
}
