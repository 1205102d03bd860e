package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.packet.Packet;
import java.util.function.Predicate;

/**
 * Connection tracking of one host (net/netfilter/nf_conntrack_core.c and nf_conntrack_proto.c,
 * Linux 6.1).
 *
 * <p>Belongs to the thread of its host. An entry ends exactly when its time is over; the kernel's
 * collector may leave it a little longer where nobody looks.
 */
public final class Conntrack {
  private final Host host;
  private final ConntrackSettings settings;

  private Conntrack(Host host, ConntrackSettings settings) {
    this.host = host;
    this.settings = settings;
  }

  /** Returns connection tracking that runs on a host's hooks from now on, for both families. */
  public static Conntrack attach(Host host, ConntrackSettings settings) {
    return new Conntrack(host, settings);
  }

  /** Returns the host. */
  public Host host() {
    return host;
  }

  /** Returns the settings. */
  public ConntrackSettings settings() {
    return settings;
  }

  /** Returns the live entries at this time, in no particular order. */
  public ImmutableList<ConntrackEntry> entries() {
    return ImmutableList.of();
  }

  /** Returns the connections at this time, in no particular order. */
  public ImmutableList<Connection> connections() {
    return ImmutableList.of();
  }

  /** Returns the number of connections at this time for which the condition holds. */
  public int count(Predicate<Connection> condition) {
    return Math.toIntExact(connections().stream().filter(condition).count());
  }

  /** Returns the number of entries at this time. */
  public int size() {
    return 0;
  }

  /** Puts entries into the table, with the time that they have left. */
  public void load(Iterable<ConntrackEntry> entries) {}

  /** Removes all entries. */
  public void flush() {}

  /** Returns the counters. */
  public ConntrackStatistics statistics() {
    return new ConntrackStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /**
   * Moves the TCP connection of a packet, if it is in the table, to CLOSE, as a rule does that
   * answers the packet with a RST (nf_ct_set_closing).
   */
  public void setClosing(Packet packet) {}
}
