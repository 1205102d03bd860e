package dev.packetpath.core;

import dev.packetpath.core.packet.Packet;
import java.util.List;

/** A function that a model hangs on a hook. */
@FunctionalInterface
public interface HookFunction {
  /** Looks at the packet, perhaps changes it, and says what becomes of it. */
  Verdict run(Packet packet, HookState state);

  /**
   * Is told at PREROUTING of packets that came together, before {@link #run} is for the first of
   * them. What their runs will wait for one after the other (memory that no cache holds) can be
   * read here for all of them side by side. Changes nothing that can be seen, throws nothing, and
   * need not do anything.
   *
   * <p>A guess at what comes: packets may be left out, be of the other family, or have changed or
   * ended before the function is run for them. It is not asked where all of them will probably go
   * past the hooks.
   *
   * @param burst packets that came together; the list is somebody else's once this returns
   * @param from the first one that this is about
   * @param end the one behind the last
   * @param state as the function will be called with
   */
  default void lookAhead(List<Packet> burst, int from, int end, HookState state) {}
}
