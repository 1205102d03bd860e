package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.UniformFunction;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.packet.Packet;
import java.util.List;
import java.util.Optional;

/**
 * A table on one of its hooks.
 *
 * @param base the place of the hook's chain
 */
record TableHook(LoadedTable table, int base) implements UniformFunction {
  @Override
  public Verdict run(Packet packet, HookState state) {
    return table.walk(base, packet, state);
  }

  @Override
  public void lookAhead(List<Packet> burst, int from, int end, HookState state) {
    table.lookAhead(base, burst, from, end);
  }

  @Override
  public Optional<PathEffect> effectOn(Packet packet, HookState state) {
    return table.effectOn(base, packet, state);
  }
}
