package dev.packetpath.iptables.ipset;

import dev.packetpath.core.HookState;
import dev.packetpath.core.packet.Packet;

/**
 * A rule's hold on the set of a name. A swap changes which set that is; as long as a reference is
 * held, the name can be neither destroyed nor renamed.
 *
 * <p>Belongs to the thread of its {@link IpSets}. {@link #test}, {@link #map} and {@link #delete}
 * do not allocate.
 */
public final class SetReference {
  private final SetSlot slot;
  private final SetContext context;
  private boolean released;

  SetReference(SetSlot slot, SetContext context) {
    this.slot = slot;
    this.context = context;
    slot.references++;
  }

  /** Returns the specification of the set that has the name now. */
  public SetSpec spec() {
    return slot.set.spec;
  }

  /**
   * Returns whether a packet is in the set, as {@code -m set --match-set} asks, not inverted.
   *
   * <p>False for a packet of another family, for fewer dimensions than the set has, and for a
   * packet without the port or device that is asked for. Counts one {@code setLookup} for each set
   * visited and one {@code setProbe} for each hash or bit looked at.
   *
   * <p>Source: net/netfilter/xt_set.c, match_set; ip_set_core.c, ip_set_test, Linux 6.1.
   */
  public boolean test(
      Packet packet, HookState state, SetDimensions dimensions, TestOptions options) {
    context.start(options, packet.length());
    return slot.set.test(packet, state, dimensions) == NamedSet.MATCH;
  }

  /**
   * Adds what a packet shows, as {@code -j SET --add-set}; returns whether that worked.
   *
   * <p>The kernel cannot grow a hash here and then fails; the model always finds room up to {@code
   * maxelem}.
   */
  public boolean add(Packet packet, HookState state, SetDimensions dimensions, PacketAdd options) {
    return slot.set.takes(packet, dimensions)
        && slot.set.addPacket(packet, state, dimensions, options);
  }

  /** Removes what a packet shows, as {@code -j SET --del-set}; returns whether that worked. */
  public boolean delete(Packet packet, HookState state, SetDimensions dimensions) {
    return slot.set.takes(packet, dimensions) && slot.set.deletePacket(packet, state, dimensions);
  }

  /**
   * Puts the mark and priority of the element that a packet hits on it, as {@code -j SET
   * --map-set}; returns whether it hit one.
   */
  public boolean map(Packet packet, HookState state, SetDimensions dimensions, MapOptions options) {
    if (!test(packet, state, dimensions, TestOptions.DEFAULT)) {
      return false;
    }
    SkbInfo info = context.skbinfo;
    if (options.mark()) {
      packet.mark((packet.mark() & ~info.mask()) ^ info.mark());
    }
    if (options.priority()) {
      packet.priority(info.priority());
    }
    return true;
  }

  /** Lets the name go. A second call does nothing. */
  public void release() {
    if (!released) {
      released = true;
      slot.references--;
    }
  }
}
