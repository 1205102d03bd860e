package dev.packetpath.conntrack;

import dev.packetpath.core.HookState;
import dev.packetpath.core.Trace;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps fragments until their packet is complete, which then goes on as one
 * (net/ipv4/netfilter/nf_defrag_ipv4.c, net/ipv6/netfilter/nf_conntrack_reasm.c, Linux 6.1).
 */
final class Defragmentation {
  private record Key(
      IpFamily family,
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow,
      int protocol,
      int id,
      boolean local) {}

  private final VirtualClock clock;
  private final Work work;
  private final Trace trace;
  private final long lifetimeV4Ns;
  private final long lifetimeV6Ns;
  private final Map<Key, FragmentQueue> queues = new LinkedHashMap<>();

  Defragmentation(Host host, ConntrackSettings settings) {
    this.clock = host.clock();
    this.work = host.work();
    this.trace = host.trace();
    this.lifetimeV4Ns = settings.seconds(Timeout.FRAGMENTS_V4) * VirtualClock.NS_PER_SECOND;
    this.lifetimeV6Ns = settings.seconds(Timeout.FRAGMENTS_V6) * VirtualClock.NS_PER_SECOND;
  }

  Verdict run(Packet packet, HookState state) {
    work.add(ConntrackOperations.DEFRAGMENT);
    if (!packet.isFragment()
        || PacketConnection.connectionOf(packet).exists()
        || PacketConnection.stateOf(packet) == ConnectionState.UNTRACKED) {
      return Verdict.ACCEPT;
    }
    dropStale();
    Key key = key(packet, !state.in().exists());
    FragmentQueue queue = queues.computeIfAbsent(key, k -> new FragmentQueue(clock.nowNs()));
    boolean broken = !queue.add(packet);
    boolean complete = !broken && queue.isComplete();
    if (broken || complete) {
      queues.remove(key);
    }
    if (trace.isOn()) {
      trace.add(new ConntrackEvent.Reassembled(complete));
    }
    if (!complete) {
      return Verdict.STOLEN;
    }
    queue.assembleInto(packet);
    return Verdict.ACCEPT;
  }

  private void dropStale() {
    queues
        .entrySet()
        .removeIf(
            queue ->
                clock.nowNs() - queue.getValue().sinceNs()
                    >= (queue.getKey().family == IpFamily.IPV4 ? lifetimeV4Ns : lifetimeV6Ns));
  }

  private static Key key(Packet packet, boolean local) {
    return new Key(
        packet.family(),
        packet.sourceHigh(),
        packet.sourceLow(),
        packet.destinationHigh(),
        packet.destinationLow(),
        packet.family() == IpFamily.IPV4 ? packet.protocol() : 0,
        packet.id(),
        local);
  }
}
