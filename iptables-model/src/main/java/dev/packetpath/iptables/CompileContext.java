package dev.packetpath.iptables;

import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.ipset.IpSets;
import java.util.function.Supplier;

/** What matches and targets may use when a table is loaded into a host. */
public interface CompileContext {
  /** Returns the host: its clock, network, decisions, work and trace. */
  Host host();

  /** Returns the family of the table. */
  IpFamily family();

  /** Returns the table. */
  TableName table();

  /** Returns the host's sets. */
  IpSets sets();

  /** Returns whether the host has connection tracking. */
  boolean hasConntrack();

  /**
   * Returns connection tracking.
   *
   * @throws IllegalStateException if the host has none; a match or target that says it needs it
   *     always has
   */
  Conntrack conntrack();

  /**
   * Returns the address translation.
   *
   * @throws IllegalStateException if the host has no connection tracking
   */
  Nat nat();

  /**
   * Returns a number that names the rule and the place of the match in it, the same on every load
   * of the same rules: the site of its random draws.
   */
  long site();

  /**
   * Returns the state that rules share under a name, such as a recent list; made by the first of
   * them.
   */
  <T> T shared(Class<T> type, String name, Supplier<T> maker);

  /** Returns the error to throw where the rule cannot be loaded. */
  default LoadException refused(String found, String expected) {
    return new LoadException("table " + table(), 0, new Refusal(found, expected));
  }
}
