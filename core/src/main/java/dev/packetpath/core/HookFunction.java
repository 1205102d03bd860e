package dev.packetpath.core;

import dev.packetpath.core.packet.Packet;

/** A function that a model hangs on a hook. */
@FunctionalInterface
public interface HookFunction {
  /** Looks at the packet, perhaps changes it, and says what becomes of it. */
  Verdict run(Packet packet, HookState state);
}
