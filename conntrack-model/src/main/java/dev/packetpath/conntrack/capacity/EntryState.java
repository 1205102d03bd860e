package dev.packetpath.conntrack.capacity;

import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConnectionStatus;
import dev.packetpath.core.net.IpProtocol;
import java.util.Comparator;
import java.util.Locale;

/**
 * What entries are counted by: what {@code conntrack -L} shows of an entry besides its tuples.
 *
 * @param protocol the IANA number of the transport protocol
 * @param state the protocol's state such as {@code TIME_WAIT}, "" if it has none
 * @param replied whether a reply was seen; not {@code [UNREPLIED]}
 * @param assured whether a full table spares the entry, {@code [ASSURED]}
 */
public record EntryState(int protocol, String state, boolean replied, boolean assured)
    implements Comparable<EntryState> {
  private static final Comparator<EntryState> ORDER =
      Comparator.comparingInt(EntryState::protocol)
          .thenComparing(EntryState::state)
          .thenComparing(EntryState::replied)
          .thenComparing(EntryState::assured);

  /** Returns the state of a connection. */
  public static EntryState of(Connection connection) {
    return new EntryState(
        connection.original().protocol(),
        connection.stateName(),
        connection.hasAny(ConnectionStatus.SEEN_REPLY),
        connection.hasAny(ConnectionStatus.ASSURED));
  }

  @Override
  public int compareTo(EntryState other) {
    return ORDER.compare(this, other);
  }

  /** Returns the words of {@code conntrack -L}, such as {@code tcp TIME_WAIT [ASSURED]}. */
  @Override
  public String toString() {
    return protocolName(protocol)
        + (state.isEmpty() ? "" : " " + state)
        + (replied ? "" : " [UNREPLIED]")
        + (assured ? " [ASSURED]" : "");
  }

  private static String protocolName(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> "tcp";
      case IpProtocol.UDP -> "udp";
      case IpProtocol.ICMP -> "icmp";
      default -> String.format(Locale.ROOT, "protocol %d", protocol);
    };
  }
}
