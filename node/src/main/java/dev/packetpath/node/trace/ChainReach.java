package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.Table;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which chains of a table a hook can lead to. */
final class ChainReach {
  private ChainReach() {}

  static ImmutableSet<String> from(Table table, Hook hook) {
    Map<String, Chain> byName = new HashMap<>();
    table.chains().forEach(chain -> byName.put(chain.name(), chain));
    Set<String> reached = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(hook.name());
    while (!open.isEmpty()) {
      Chain chain = byName.get(open.remove());
      if (chain == null || !reached.add(chain.name())) {
        continue;
      }
      for (Rule rule : chain.rules()) {
        if (rule.action() instanceof RuleAction.Jump jump) {
          open.add(jump.chain());
        } else if (rule.action() instanceof RuleAction.Goto goTo) {
          open.add(goTo.chain());
        }
      }
    }
    return ImmutableSet.copyOf(reached);
  }
}
