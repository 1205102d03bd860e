package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.packet.Packet;

/** Acts on packets for the target of one rule. */
@FunctionalInterface
public interface TargetFunction {
  /** Acts on the packet and says how the walk goes on. */
  TargetResult run(Packet packet, HookState state);
}
