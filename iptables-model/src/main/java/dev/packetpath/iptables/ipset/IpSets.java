package dev.packetpath.iptables.ipset;

/** The named sets of a host. */
public final class IpSets {
  /** Creates a host without sets. */
  public IpSets() {}
}
