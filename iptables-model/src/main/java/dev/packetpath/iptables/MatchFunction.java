package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.packet.Packet;

/** Tests packets for one match of one rule. */
@FunctionalInterface
public interface MatchFunction {
  /** Returns whether the condition holds, or that the packet must be dropped. */
  MatchResult test(Packet packet, HookState state);
}
