package dev.packetpath.iptables.syntax;

import dev.packetpath.iptables.Rule;
import java.util.ArrayList;
import java.util.List;

/** The rules that one line gave, with the places of their parts for later errors. */
final class ReadRules {
  private final List<Rule> rules = new ArrayList<>(1);
  private final int[] matchColumns;
  private final int actionColumn;

  ReadRules(int[] matchColumns, int actionColumn) {
    this.matchColumns = matchColumns;
    this.actionColumn = actionColumn;
  }

  void add(Rule rule) {
    rules.add(rule);
  }

  List<Rule> rules() {
    return rules;
  }

  /** Returns the columns of the matches, and of the action behind them. */
  int[] columns() {
    int[] columns = java.util.Arrays.copyOf(matchColumns, matchColumns.length + 1);
    columns[matchColumns.length] = actionColumn;
    return columns;
  }
}
