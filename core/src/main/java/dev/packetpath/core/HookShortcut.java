package dev.packetpath.core;

import dev.packetpath.core.host.Device;
import dev.packetpath.core.packet.Packet;

/** Does at once what the first functions on a hook would do for a packet, where that is known. */
@FunctionalInterface
public interface HookShortcut {
  /** Knows nothing. */
  HookShortcut NONE = (packet, state) -> 0;

  /** What all functions of a hook did with a packet. */
  enum Passage {
    /** That is not known, and nothing was done. */
    UNKNOWN,
    /** All let it go on. */
    GOES_ON,
    /** One ended its way. */
    ENDED
  }

  /**
   * Does for a packet, which no trace follows, what the first functions on the hook would do, who
   * all let it go on; calls nobody who might change hooks, tables or the trace. Returns how many
   * functions these are; 0 if nothing is known and nothing was done.
   */
  int run(Packet packet, HookState state);

  /**
   * Does for a packet that came in by a device, which no trace follows and nobody records, what all
   * functions on PREROUTING would do, and counts their calls. Returns what they did.
   */
  default Passage opens(Packet packet, Device in) {
    return Passage.UNKNOWN;
  }

  /**
   * Does for a packet that goes from one device to another, which no trace follows and nobody
   * records, what all functions on FORWARD and then all on POSTROUTING would do, who all let it go
   * on, and counts their calls. Returns whether that is known; if not, nothing was done.
   */
  default boolean forwards(Packet packet, Device in, Device out) {
    return false;
  }
}
