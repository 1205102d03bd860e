package dev.packetpath.core.packet;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpFamily;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps fragments until their packet is complete (net/ipv4/ip_fragment.c, net/ipv6/reassembly.c,
 * Linux 6.1). Belongs to one thread.
 */
public final class Reassembly {
  /** What becomes of a fragment. */
  public enum Outcome {
    /** It waits for the others, or repeats one that does. */
    WAITS,
    /** It was the last that was missing, and is the whole packet now. */
    WHOLE,
    /** It does not fit to the others. */
    REFUSED
  }

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
  private final long lifetimeV4Ns;
  private final long lifetimeV6Ns;
  private final Map<Key, FragmentQueue> queues = new LinkedHashMap<>();

  /**
   * Creates a store without fragments.
   *
   * @param clock the time
   * @param lifetimeV4Ns how long IPv4 fragments wait, in nanoseconds
   * @param lifetimeV6Ns how long IPv6 fragments wait, in nanoseconds
   */
  public Reassembly(VirtualClock clock, long lifetimeV4Ns, long lifetimeV6Ns) {
    this.clock = clock;
    this.lifetimeV4Ns = lifetimeV4Ns;
    this.lifetimeV6Ns = lifetimeV6Ns;
  }

  /**
   * Takes a fragment.
   *
   * @param packet a fragment; if it completes its packet, it becomes that packet
   * @param local whether this host sent it: such fragments are kept apart
   */
  public Outcome take(Packet packet, boolean local) {
    queues
        .entrySet()
        .removeIf(
            queue ->
                clock.nowNs() - queue.getValue().sinceNs()
                    >= (queue.getKey().family == IpFamily.IPV4 ? lifetimeV4Ns : lifetimeV6Ns));
    Key key = key(packet, local);
    FragmentQueue queue = queues.computeIfAbsent(key, k -> new FragmentQueue(clock.nowNs()));
    FragmentQueue.Outcome outcome = queue.add(packet);
    if (outcome == FragmentQueue.Outcome.KEPT) {
      if (!queue.isComplete()) {
        return Outcome.WAITS;
      }
      queues.remove(key);
      queue.assembleInto(packet);
      return Outcome.WHOLE;
    }
    if (outcome == FragmentQueue.Outcome.REPEATS) {
      return Outcome.WAITS;
    }
    if (outcome == FragmentQueue.Outcome.BROKEN) {
      queues.remove(key);
    }
    return Outcome.REFUSED;
  }

  /**
   * Drops the fragments of a packet that came so far.
   *
   * @param packet one of its fragments
   * @param local whether this host sent it
   */
  public void forget(Packet packet, boolean local) {
    queues.remove(key(packet, local));
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
