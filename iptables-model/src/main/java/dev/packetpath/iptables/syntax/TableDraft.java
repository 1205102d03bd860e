package dev.packetpath.iptables.syntax;

import dev.packetpath.core.Hook;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table that is being read: its base chains are there from the start. */
final class TableDraft {
  private final TableName name;
  private final List<ChainDraft> chains = new ArrayList<>();
  private final ChainIndex byName = new ChainIndex();
  private @Nullable ChainDraft latest;
  private @Nullable ChainDraft last;
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
    return byName.find(chain);
  }

  /** Returns the chain whose name is a word of a line, null if there is none. */
  @Nullable ChainDraft chain(Words words, int word) {
    return words.chain(word, byName);
  }

  /**
   * Returns the chain whose name is a word of a line, to put a rule into. Mostly it is that of the
   * rule before, or the next one: both are tried before the index.
   */
  @Nullable ChainDraft chainOfRule(Words words, int word) {
    ChainDraft draft = latest;
    if (draft != null && words.isChain(word, byName, draft)) {
      return draft;
    }
    ChainDraft next = draft == null || !inOrder ? null : draft.next();
    latest = next != null && words.isChain(word, byName, next) ? next : words.chain(word, byName);
    return latest;
  }

  void addUserChain(String chain) {
    add(chain, Optional.empty());
  }

  private void add(String chain, Optional<Policy> policy) {
    ChainDraft draft = new ChainDraft(chain, policy);
    chains.add(draft);
    byName.add(draft);
    if (last != null) {
      last.next(draft);
    }
    last = draft;
  }

  void removeChain(ChainDraft chain) {
    chains.remove(chain);
    byName.remove(chain);
    latest = null;
    inOrder = false;
  }

  /** Gives a user chain another name, in the rules that call it too. */
  void rename(ChainDraft chain, String newName) {
    removeChain(chain);
    chain.rename(newName);
    chains.add(chain);
    byName.add(chain);
    for (ChainDraft each : chains) {
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
    return byName.numbers();
  }

  List<ChainDraft> chains() {
    return chains;
  }
}
