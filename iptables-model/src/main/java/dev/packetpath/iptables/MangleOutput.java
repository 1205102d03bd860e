package dev.packetpath.iptables;

import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;

/**
 * The mangle table at OUTPUT, which looks a route up again where rules changed what routing depends
 * on (net/ipv4/netfilter/iptable_mangle.c and its IPv6 twin, Linux 6.1).
 *
 * @param host the host
 * @param rules walks the table
 */
record MangleOutput(Host host, HookFunction rules) implements HookFunction {
  @Override
  public Verdict run(Packet packet, HookState state) {
    int mark = packet.mark();
    int tos = packet.tos();
    int ttl = packet.ttl();
    long sourceHigh = packet.sourceHigh();
    long sourceLow = packet.sourceLow();
    long destinationHigh = packet.destinationHigh();
    long destinationLow = packet.destinationLow();
    Verdict verdict = rules.run(packet, state);
    boolean changed =
        packet.mark() != mark
            || packet.tos() != tos
            || (packet.family() == IpFamily.IPV6 && packet.ttl() != ttl)
            || packet.sourceHigh() != sourceHigh
            || packet.sourceLow() != sourceLow
            || packet.destinationHigh() != destinationHigh
            || packet.destinationLow() != destinationLow;
    if (verdict == Verdict.DROP || verdict == Verdict.STOLEN || !changed) {
      return verdict;
    }
    return host.reroute(packet, "mangle OUTPUT changed the packet") == Errno.OK
        ? verdict
        : Verdict.DROP;
  }
}
