package dev.packetpath.iptables.syntax;

import com.google.common.base.CharMatcher;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.TableName;
import java.util.List;

/**
 * Does to a table that is being read what a line says (iptables 1.8.9, iptables.c, do_command4;
 * libiptc.c).
 */
final class TableCommands {
  /** The longest name of a chain, in bytes. */
  static final int MAX_NAME_BYTES = 28;

  private static final CharMatcher SPACE = CharMatcher.anyOf(" \t\n\u000b\f\r");

  private final TableDraft table;
  private final CommandLine line;

  TableCommands(TableDraft table, CommandLine line) {
    this.table = table;
    this.line = line;
  }

  /**
   * Does what the line read last says.
   *
   * @throws SyntaxException if iptables would not do it
   */
  void run() {
    switch (line.command()) {
      case APPEND -> append();
      case INSERT -> insert();
      case REPLACE -> replace();
      case DELETE -> delete();
      case CHECK -> check();
      case NEW_CHAIN -> newChain();
      case DELETE_CHAIN -> deleteChains();
      case RENAME_CHAIN -> rename();
      case POLICY -> policy();
      case FLUSH -> flush();
      case ZERO, LIST, LIST_RULES -> list();
      default -> throw new IllegalStateException("no command: " + line.command());
    }
  }

  private ChainDraft existing() {
    ChainDraft chain = line.chainIn(table);
    if (chain == null) {
      throw line.error(
          line.chainColumn(), "chain \"" + line.chain() + "\"", "a chain declared above");
    }
    return chain;
  }

  private List<DraftRule> rules(ChainDraft chain) {
    line.rule().checkPlace(table.name(), chain.name());
    return line.rule().finish();
  }

  private void append() {
    ChainDraft chain = existing();
    for (DraftRule rule : rules(chain)) {
      table.append(chain, rule);
    }
  }

  private void insert() {
    ChainDraft chain = existing();
    int index = line.place() == CommandLine.NO_PLACE ? 0 : index(chain.size() + 1);
    // Each goes before the one before.
    for (DraftRule rule : rules(chain)) {
      table.insert(chain, index, rule);
    }
  }

  /** Returns the place that the rule number given names. */
  private int index(int places) {
    if (line.place() > places) {
      throw line.error(
          line.placeColumn(),
          "rule number " + line.place(),
          places == 0 ? "a chain with rules" : "1 to " + places);
    }
    return (int) line.place() - 1;
  }

  private void replace() {
    ChainDraft chain = existing();
    List<DraftRule> rules = rules(chain);
    if (rules.size() != 1) {
      throw line.error(line.commandColumn(), "-R with several addresses", "one address");
    }
    int index = index(chain.size());
    table.removeRule(chain, index);
    table.insert(chain, index, rules.get(0));
  }

  private void delete() {
    ChainDraft chain = existing();
    if (line.place() != CommandLine.NO_PLACE) {
      table.removeRule(chain, index(chain.size()));
      return;
    }
    for (DraftRule rule : rules(chain)) {
      table.removeRule(chain, indexOf(chain, rule));
    }
  }

  private void check() {
    ChainDraft chain = existing();
    for (DraftRule rule : rules(chain)) {
      int unused = indexOf(chain, rule);
    }
  }

  private int indexOf(ChainDraft chain, DraftRule wanted) {
    for (int i = 0; i < chain.size(); i++) {
      if (chain.rule(i).saysTheSame(wanted.rule())) {
        return i;
      }
    }
    throw line.error(
        line.commandColumn(),
        line.command() + " of a rule that is not there",
        "a rule of chain " + chain.name());
  }

  private void newChain() {
    String name = line.chain();
    checkName(name, line.chainColumn());
    // -E lets such a name pass, though iptables-restore does not read then what iptables-save
    // prints.
    if (SPACE.matchesAnyOf(name)) {
      throw line.error(line.chainColumn(), "chain name \"" + name + "\"", "a name without spaces");
    }
    if (Extensions.isTarget(name)) {
      throw line.error(
          line.chainColumn(), "chain name \"" + name + "\"", "a name that no target has");
    }
    table.addUserChain(name);
  }

  private void checkName(String name, int column) {
    if (name.startsWith("-") || name.startsWith("!")) {
      throw line.error(
          column, "chain name \"" + name + "\"", "a name that starts with neither \"-\" nor \"!\"");
    }
    if (name.isEmpty() || Utf8Text.length(name) > MAX_NAME_BYTES) {
      throw line.error(
          column,
          "chain name \"" + name + "\" of " + Utf8Text.length(name) + " bytes",
          "1 to " + MAX_NAME_BYTES);
    }
    if (table.chain(name) != null || TableDraft.isVerdict(name)) {
      throw line.error(column, "chain \"" + name + "\" again", "a name that is not taken");
    }
  }

  private void deleteChains() {
    if (!line.chain().isEmpty()) {
      deleteChain(existing(), line.chainColumn());
      return;
    }
    for (ChainDraft chain : List.copyOf(table.chains())) {
      if (!chain.isBase()) {
        deleteChain(chain, line.commandColumn());
      }
    }
  }

  private void deleteChain(ChainDraft chain, int column) {
    String found = "-X of chain " + chain.name();
    if (chain.isBase() || chain.size() > 0) {
      throw line.error(column, found, "an empty user chain");
    }
    if (chain.isCalled()) {
      throw line.error(column, found, "a chain that no rule jumps to");
    }
    table.removeChain(chain);
  }

  private void rename() {
    ChainDraft chain = existing();
    checkName(line.argument(), line.argumentColumn());
    if (chain.isBase()) {
      throw line.error(line.chainColumn(), "-E of chain " + chain.name(), "a user chain");
    }
    table.rename(chain, line.argument());
  }

  private void policy() {
    ChainDraft chain = existing();
    if (!chain.isBase()) {
      throw line.error(line.chainColumn(), "-P of user chain " + chain.name(), "a base chain");
    }
    Policy policy =
        switch (line.argument()) {
          case "ACCEPT" -> Policy.ACCEPT;
          case "DROP" -> drop();
          default ->
              throw line.error(
                  line.argumentColumn(), "policy \"" + line.argument() + "\"", "ACCEPT or DROP");
        };
    chain.policy(policy, line.rule().counters());
  }

  private Policy drop() {
    if (table.name() == TableName.NAT) {
      throw line.error(
          line.argumentColumn(), "policy DROP in table nat", "ACCEPT; drop in another table");
    }
    return Policy.DROP;
  }

  private void flush() {
    if (line.chain().isEmpty()) {
      table.chains().forEach(table::flush);
    } else {
      table.flush(existing());
    }
  }

  /** Zeroes counters; what a list would print goes nowhere, but its chain must be there. */
  private void list() {
    boolean zero = line.command() == BaseOption.ZERO;
    if (line.chain().isEmpty()) {
      if (zero) {
        table.chains().forEach(ChainDraft::zero);
      }
      return;
    }
    ChainDraft chain = existing();
    if (zero && line.place() == CommandLine.NO_PLACE) {
      chain.zero();
    } else if (zero) {
      chain.zero(index(chain.size()));
    }
  }
}
