package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table that is being read: its base chains are there from the start. */
final class TableDraft {
  private final TableName name;
  private final TableChecks checks;
  private final List<ChainDraft> chains = new ArrayList<>();
  private final ChainIndex byName = new ChainIndex();
  private @Nullable ChainDraft latest;
  private @Nullable ChainDraft last;
  private boolean inOrder = true;

  /** The calls of rules that can be reached, as long as rules were only appended. */
  private final CallLog appended = new CallLog();

  private boolean onlyAppended = true;

  TableDraft(TableName name, TableChecks checks) {
    this.name = name;
    this.checks = checks;
    for (Hook hook : name.hooks()) {
      addChain(hook.name(), Optional.of(Policy.ACCEPT));
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
    addChain(chain, Optional.empty());
  }

  private void addChain(String chain, Optional<Policy> policy) {
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
    onlyAppended = false;
  }

  /** Gives a user chain another name, in the rules that call it too. */
  void rename(ChainDraft chain, String newName) {
    String oldName = chain.name();
    removeChain(chain);
    chain.rename(newName);
    chains.add(chain);
    byName.add(chain);
    for (ChainDraft each : chains) {
      for (int i = 0; i < each.size(); i++) {
        Rule rule = each.rule(i);
        if (rule.action() instanceof RuleAction.Jump jump && jump.chain().equals(oldName)) {
          each.replace(i, with(rule, chain.jump()));
        } else if (rule.action() instanceof RuleAction.Goto go && go.chain().equals(oldName)) {
          each.replace(i, with(rule, new RuleAction.Goto(newName)));
        }
      }
    }
  }

  private static Rule with(Rule rule, RuleAction action) {
    return new Rule(rule.header(), rule.matches(), action, rule.counters(), rule.line());
  }

  /** Puts a rule behind the others of a chain. */
  void append(ChainDraft chain, DraftRule draft) {
    ChainDraft called = draft.called();
    if (called != null) {
      called.called(1);
      if (!chain.isEnded()) {
        appended.add(chain.number(), called.number());
      }
    }
    if (!checks.passes(draft.rule())) {
      chain.uncheck();
    }
    chain.insert(chain.size(), draft);
  }

  /** Puts a rule before another one of a chain, or behind its last. */
  void insert(ChainDraft chain, int index, DraftRule draft) {
    onlyAppended = false;
    chain.uncheck();
    if (draft.called() != null) {
      draft.called().called(1);
    }
    chain.insert(index, draft);
  }

  void removeRule(ChainDraft chain, int index) {
    onlyAppended = false;
    uncall(chain.rule(index));
    chain.remove(index);
  }

  void flush(ChainDraft chain) {
    onlyAppended = false;
    for (int i = 0; i < chain.size(); i++) {
      uncall(chain.rule(i));
    }
    chain.flush();
  }

  private void uncall(Rule rule) {
    ChainDraft called = calledBy(rule);
    if (called != null) {
      called.called(-1);
    }
  }

  private @Nullable ChainDraft calledBy(Rule rule) {
    Optional<String> called = rule.action().calledChain();
    return called.isEmpty() ? null : byName.find(called.get());
  }

  /** Returns which chain calls which by rules that can be reached. */
  CallLog calls() {
    if (onlyAppended) {
      return appended;
    }
    CallLog calls = new CallLog();
    for (ChainDraft chain : chains) {
      for (int i = 0; i < chain.size() && !DraftRule.endsChain(chain.rule(i)); i++) {
        ChainDraft called = calledBy(chain.rule(i));
        if (called != null) {
          calls.add(chain.number(), called.number());
        }
      }
    }
    return calls;
  }

  /** Returns a number above that of every chain. */
  int numbers() {
    return byName.numbers();
  }

  /** Returns the chain of a number that it has. */
  ChainDraft chain(int number) {
    return chains.stream().filter(chain -> chain.number() == number).findFirst().orElseThrow();
  }

  List<ChainDraft> chains() {
    return chains;
  }

  /**
   * Checks what the kernel checks, and returns the table with its user chains sorted by name, as
   * libiptc keeps them.
   *
   * @throws dev.packetpath.core.SyntaxException at the first rule that cannot be loaded
   */
  Table finish() {
    checks.check(this);
    List<Chain> finished = new ArrayList<>(chains.size());
    for (ChainDraft chain : chains) {
      finished.add(chain.finish());
    }
    finished.sort(
        Comparator.comparing((Chain chain) -> !chain.isBase())
            .thenComparing(chain -> chain.isBase() ? "" : chain.name()));
    return new Table(name, ImmutableList.copyOf(finished));
  }
}
