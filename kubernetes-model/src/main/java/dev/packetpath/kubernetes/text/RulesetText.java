package dev.packetpath.kubernetes.text;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.TableName;
import java.io.IOException;
import java.io.Writer;
import java.util.EnumMap;
import java.util.Map;

/** All tables of one family in the making. Not safe for use by several threads. */
public final class RulesetText {
  private final IpFamily family;
  private final Map<TableName, TableText> tables = new EnumMap<>(TableName.class);

  /** Creates a rule set without tables. */
  public RulesetText(IpFamily family) {
    this.family = family;
  }

  /** Returns the family. */
  public IpFamily family() {
    return family;
  }

  /** Returns whether there are no tables. */
  public boolean isEmpty() {
    return tables.isEmpty();
  }

  /** Returns a table, which is made if absent. */
  public TableText table(TableName name) {
    return tables.computeIfAbsent(name, TableText::new);
  }

  /**
   * Writes what {@code iptables-save} would print, without counters of rules. Takes time linear in
   * the rules and holds one chain's text at a time.
   *
   * @throws IOException if {@code out} fails
   */
  public void writeTo(Writer out) throws IOException {
    RuleWriter rules = new RuleWriter(family, RuleForm.SAVED);
    for (TableText table : tables.values()) {
      table.writeTo(out, rules);
    }
  }
}
