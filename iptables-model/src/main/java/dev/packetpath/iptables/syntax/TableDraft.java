package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table that is being read: its base chains are there from the start. */
final class TableDraft {
  private final TableName name;
  private final Map<String, ChainDraft> chains = new LinkedHashMap<>();
  private @Nullable ChainDraft latest;

  TableDraft(TableName name) {
    this.name = name;
    for (Hook hook : name.hooks()) {
      chains.put(hook.name(), new ChainDraft(hook.name(), Optional.of(Policy.ACCEPT)));
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

  /** Returns a chain that rules are put into: mostly the one that the rule before was. */
  @Nullable ChainDraft chainOfRule(String chain) {
    ChainDraft draft = latest;
    if (draft == null || !draft.name().equals(chain)) {
      draft = chains.get(chain);
      latest = draft;
    }
    return draft;
  }

  /** Returns the user chain of a name, if there is one. */
  @Nullable ChainDraft userChain(String chain) {
    ChainDraft draft = chains.get(chain);
    return draft == null || draft.isBase() ? null : draft;
  }

  void addUserChain(String chain) {
    chains.put(chain, new ChainDraft(chain, Optional.empty()));
  }

  void removeChain(String chain) {
    chains.remove(chain);
    latest = null;
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

  Collection<ChainDraft> chains() {
    return chains.values();
  }

  /** Returns the table with the user chains sorted by name, as libiptc keeps them. */
  Table finish() {
    List<ChainDraft> sorted = new ArrayList<>(chains.values());
    sorted.sort(
        Comparator.comparing((ChainDraft chain) -> !chain.isBase())
            .thenComparing(chain -> chain.isBase() ? "" : chain.name()));
    return new Table(
        name, sorted.stream().map(ChainDraft::finish).collect(ImmutableList.toImmutableList()));
  }
}
