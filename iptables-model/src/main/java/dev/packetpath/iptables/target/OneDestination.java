package dev.packetpath.iptables.target;

import dev.packetpath.conntrack.ManipType;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.conntrack.NatRange;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Trace;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;

/**
 * DNAT to one address and port, as kube-proxy's rules for endpoints have it: what it needs is in
 * this one object, for of 100,000 such rules none is in the processor's cache.
 */
final class OneDestination implements TargetFunction {
  private static final int OWN_PORT = -1;

  private final Nat nat;
  private final Trace trace;
  private final NatRange range;
  private final long high;
  private final long low;
  private final int port;

  /** Creates the function of a range that {@link NatRange#isOne}. */
  OneDestination(Nat nat, Trace trace, NatRange range) {
    this.nat = nat;
    this.trace = trace;
    this.range = range;
    this.high = range.minAddress().high();
    this.low = range.minAddress().low();
    this.port = range.portsGiven() ? range.minPort() : OWN_PORT;
  }

  @Override
  public TargetResult run(Packet packet, HookState state) {
    return TargetResult.of(
        trace.isOn() || !IpProtocol.hasPorts(packet.protocol())
            ? nat.setUp(packet, range, ManipType.DESTINATION)
            : nat.sendTo(packet, high, low, port));
  }
}
