package dev.packetpath.core;

import dev.packetpath.core.packet.Packet;
import java.util.List;

/** A function that a model hangs on a hook. */
@FunctionalInterface
public interface HookFunction {
  /** Looks at the packet, perhaps changes it, and says what becomes of it. */
  Verdict run(Packet packet, HookState state);

  /**
   * Is told of packets that came together, before {@link #run} is for the first of them. What their
   * runs will wait for one after the other (memory that no cache holds) can be read here for all of
   * them side by side. Changes nothing that can be seen, and need not do anything.
   *
   * @param burst packets that came together
   * @param from the first one that this is about
   * @param end the one behind the last
   * @param state as the function will be called with
   */
  default void lookAhead(List<Packet> burst, int from, int end, HookState state) {}
}
