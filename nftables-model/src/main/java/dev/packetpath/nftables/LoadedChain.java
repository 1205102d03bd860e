package dev.packetpath.nftables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;

/** A chain in use: its rules as lists of what their statements do. */
final class LoadedChain {
  private final List<List<Action>> rules = new ArrayList<>();

  /** What a statement does. */
  @FunctionalInterface
  interface Action {
    ChainStep run(Packet packet, HookState state);
  }

  void add(List<Action> rule) {
    rules.add(rule);
  }

  int size() {
    return rules.size();
  }

  /** Runs one rule: what it says last, {@link ChainStep#BREAK} if it says nothing. */
  ChainStep run(int rule, Packet packet, HookState state) {
    for (Action action : rules.get(rule)) {
      ChainStep step = action.run(packet, state);
      if (step != ChainStep.CONTINUE) {
        return step;
      }
    }
    return ChainStep.BREAK;
  }
}
