package dev.packetpath.iptables.syntax;

import dev.packetpath.core.Hook;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.TableName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table that is being read: its base chains are there from the start. */
final class TableDraft {
  private final TableName name;
  private final Map<String, ChainDraft> chains = new LinkedHashMap<>();
  private @Nullable ChainDraft latest;
  private @Nullable ChainDraft last;
  private int numbers;
  private boolean inOrder = true;

  TableDraft(TableName name) {
    this.name = name;
    for (Hook hook : name.hooks()) {
      add(hook.name(), Optional.of(Policy.ACCEPT));
    }
  }

  /** Returns whether a word is a verdict, which no chain can be called. */
  static boolean isVerdict(String name) {
    return switch (name) {
      case "ACCEPT", "DROP", "QUEUE", "RETURN" -> true;
      default -> false;
    };
  }

  TableName name() {
    return name;
  }

  @Nullable ChainDraft chain(String chain) {
    return chains.get(chain);
  }

  /**
   * Returns a chain that rules are put into. Mostly it is that of the rule before, or the next one:
   * both are tried before the map.
   */
  @Nullable ChainDraft chainOfRule(String chain) {
    ChainDraft draft = latest;
    if (draft != null && draft.name().equals(chain)) {
      return draft;
    }
    ChainDraft next = draft == null || !inOrder ? null : draft.next();
    latest = next != null && next.name().equals(chain) ? next : chains.get(chain);
    return latest;
  }

  /** Returns the user chain of a name, if there is one. */
  @Nullable ChainDraft userChain(String chain) {
    ChainDraft draft = chains.get(chain);
    return draft == null || draft.isBase() ? null : draft;
  }

  void addUserChain(String chain) {
    add(chain, Optional.empty());
  }

  private void add(String chain, Optional<Policy> policy) {
    ChainDraft draft = new ChainDraft(numbers++, chain, policy);
    chains.put(chain, draft);
    if (last != null) {
      last.next(draft);
    }
    last = draft;
  }

  void removeChain(String chain) {
    chains.remove(chain);
    latest = null;
    inOrder = false;
  }

  /** Gives a user chain another name, in the rules that call it too. */
  void rename(ChainDraft chain, String newName) {
    removeChain(chain.name());
    chain.rename(newName);
    chains.put(newName, chain);
    for (ChainDraft each : chains.values()) {
      for (int i = 0; i < each.rules().size(); i++) {
        DraftRule rule = each.rules().get(i);
        if (rule.called() == chain) {
          RuleAction call =
              rule.rule().action() instanceof RuleAction.Goto
                  ? new RuleAction.Goto(newName)
                  : chain.jump();
          each.replace(i, rule.with(call, rule.rule().counters()));
        }
      }
    }
  }

  /** Returns a number above that of every chain. */
  int numbers() {
    return numbers;
  }

  Collection<ChainDraft> chains() {
    return chains.values();
  }
}
