package dev.packetpath.iptables.syntax;

import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.StandardVerdict;
import dev.packetpath.iptables.TableName;
import org.jspecify.annotations.Nullable;

/** Reads what {@code -j} and {@code -g} say: a verdict, a chain or a target. */
final class ActionReader {
  private static final RuleAction CONTINUE = new RuleAction.Continue();
  private static final RuleAction ACCEPT = new RuleAction.Standard(StandardVerdict.ACCEPT);
  private static final RuleAction DROP = new RuleAction.Standard(StandardVerdict.DROP);
  private static final RuleAction QUEUE = new RuleAction.Standard(StandardVerdict.QUEUE);
  private static final RuleAction RETURN = new RuleAction.Standard(StandardVerdict.RETURN);

  private final RuleWords words;
  private final RuleExtensions extensions;
  private final SharedValues shared;
  private final UserChains userChains;
  private @Nullable RuleAction action;
  private @Nullable ChainDraft called;
  private int column;

  ActionReader(
      RuleWords words, RuleExtensions extensions, SharedValues shared, UserChains userChains) {
    this.words = words;
    this.extensions = extensions;
    this.shared = shared;
    this.userChains = userChains;
  }

  /** Starts a rule without an action. */
  void start() {
    action = null;
    called = null;
    column = words.firstColumn();
  }

  /** Takes the next word if it names a user chain, without making a string of it. */
  boolean jumpToChain(int optionColumn) {
    int wordColumn = words.nextColumn(optionColumn);
    called = words.passUserChain(userChains);
    if (called == null) {
      return false;
    }
    action = called.jump();
    column = wordColumn;
    return true;
  }

  /** Takes what stands behind {@code -j}. */
  void jump(String name, int nameColumn) {
    column = nameColumn;
    action = standard(name);
    if (action != null) {
      return;
    }
    called = userChains.find(name);
    if (called != null) {
      action = called.jump();
    } else {
      extensions.loadTarget(name, nameColumn);
    }
  }

  private static @Nullable RuleAction standard(String name) {
    return switch (name) {
      case "ACCEPT" -> ACCEPT;
      case "DROP" -> DROP;
      case "QUEUE" -> QUEUE;
      case "RETURN" -> RETURN;
      default -> null;
    };
  }

  /** Takes what stands behind {@code -g}. */
  void goTo(String name, int nameColumn) {
    column = nameColumn;
    called = userChains.find(name);
    if (called == null) {
      throw words.source().error(nameColumn, "\"" + name + "\"", "a chain declared above");
    }
    action = new RuleAction.Goto(called.name());
  }

  /** Checks that the action may stand in a table. */
  void checkTable(TableName table) {
    if (table == TableName.NAT
        && action instanceof RuleAction.Standard standard
        && standard.verdict() == StandardVerdict.DROP) {
      throw words
          .source()
          .error(column, "DROP in table nat", "a target of nat; drop in filter, mangle or raw");
    }
  }

  /** Returns the action of the rule. */
  RuleAction finish() {
    if (action != null) {
      return action;
    }
    return extensions
        .readTarget()
        .<RuleAction>map(given -> shared.share(new RuleAction.Extension(given)))
        .orElse(CONTINUE);
  }

  /** Returns the chain that the action calls. */
  @Nullable ChainDraft called() {
    return called;
  }

  /** Returns where the action stands, or the rule if it has none. */
  int column() {
    return column;
  }
}
