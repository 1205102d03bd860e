package dev.packetpath.conntrack;

import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.net.IpAddress;

/** What connection tracking and NAT tell the trace. */
public sealed interface ConntrackEvent extends TraceEvent {
  /**
   * A packet was given its connection.
   *
   * @param tuple the packet's tuple
   * @param state how the packet relates to the connection, NONE if it has none
   * @param created whether the connection is new
   * @param before the protocol's state before the packet, "" if it has none
   * @param after the protocol's state after the packet, "" if it has none
   */
  record LookedUp(Tuple tuple, ConnectionState state, boolean created, String before, String after)
      implements ConntrackEvent {}

  /**
   * A packet has no connection.
   *
   * @param reason why
   */
  record Invalid(String reason) implements ConntrackEvent {}

  /**
   * The entry is in the table now.
   *
   * @param original its original tuple
   * @param reply its reply tuple
   */
  record Confirmed(Tuple original, Tuple reply) implements ConntrackEvent {}

  /**
   * Connection tracking or NAT dropped the packet.
   *
   * @param reason why
   */
  record Dropped(String reason) implements ConntrackEvent {}

  /**
   * A fragment waits for the rest of its packet, or completed it.
   *
   * @param complete whether the packet goes on whole
   */
  record Reassembled(boolean complete) implements ConntrackEvent {}

  /**
   * NAT was decided for a connection.
   *
   * @param type which end
   * @param before the tuple that the packets have without it
   * @param after the tuple that the packets get
   * @param probes how many tuples were looked up to find a free one
   */
  record NatSetUp(ManipType type, Tuple before, Tuple after, int probes)
      implements ConntrackEvent {}

  /**
   * NAT rewrote a packet.
   *
   * @param type which end
   * @param addressBefore the address that stood there
   * @param portBefore the port or ICMP identifier that stood there, 0 for none
   * @param addressAfter the address that stands there now
   * @param portAfter the port or ICMP identifier that stands there now, 0 for none
   */
  record NatRewrote(
      ManipType type,
      IpAddress addressBefore,
      int portBefore,
      IpAddress addressAfter,
      int portAfter)
      implements ConntrackEvent {}

  /**
   * NAT rewrote the packet that an ICMP error quotes.
   *
   * @param type which end of the quoted packet
   * @param addressBefore the address that stood there
   * @param portBefore the port or ICMP identifier that stood there, 0 for none
   * @param addressAfter the address that stands there now
   * @param portAfter the port or ICMP identifier that stands there now, 0 for none
   */
  record NatRewroteQuoted(
      ManipType type,
      IpAddress addressBefore,
      int portBefore,
      IpAddress addressAfter,
      int portAfter)
      implements ConntrackEvent {}
}
