package dev.packetpath.conntrack;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;

/**
 * Network address translation of one host (net/netfilter/nf_nat_core.c, nf_nat_proto.c and
 * nf_nat_masquerade.c, Linux 6.1).
 */
public final class Nat {
  private final Conntrack conntrack;

  private Nat(Conntrack conntrack) {
    this.conntrack = conntrack;
  }

  /** Returns NAT for a host's connections. It does nothing until a chain is registered. */
  public static Nat attach(Conntrack conntrack) {
    return new Nat(conntrack);
  }

  /** Returns the connections that this translates. */
  public Conntrack conntrack() {
    return conntrack;
  }

  /**
   * Registers the walk of a nat table's chain. It is asked for the first packet of a connection
   * only, once for each end. The first chain of a family puts NAT on the family's four hooks.
   *
   * @param family the family
   * @param hook PREROUTING, INPUT, OUTPUT or POSTROUTING
   * @param priority its place among the chains of the hook, lowest first
   * @param chains the walk
   */
  public void registerChain(IpFamily family, Hook hook, int priority, HookFunction chains) {}

  /** Decides NAT for one end of the packet's connection (nf_nat_setup_info). */
  public Verdict setUp(Packet packet, NatRange range, ManipType type) {
    return Verdict.ACCEPT;
  }

  /** Gives a packet that leaves by a device that device's address as source. */
  public Verdict masquerade(Packet packet, NatRange range, Device out) {
    return Verdict.ACCEPT;
  }

  /** Sends a packet to this host itself (the REDIRECT target). */
  public Verdict redirect(Packet packet, NatRange range, HookState state) {
    return Verdict.ACCEPT;
  }

  /**
   * Replaces the network part of an address (the NETMAP target).
   *
   * @param packet the packet
   * @param network an address whose masked bits replace those of the packet's address
   * @param prefixLength the number of bits replaced
   * @param state the hook
   */
  public Verdict netmap(Packet packet, IpAddress network, int prefixLength, HookState state) {
    return Verdict.ACCEPT;
  }
}
