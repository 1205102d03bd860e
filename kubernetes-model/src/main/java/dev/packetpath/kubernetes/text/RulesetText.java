package dev.packetpath.kubernetes.text;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.TableName;
import java.io.IOException;
import java.io.Writer;
import java.util.EnumMap;
import java.util.List;
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

  /**
   * Writes what {@code iptables-restore --noflush} is sent for some of the tables.
   *
   * @param order the tables, in order
   * @param deletedOfNat the chains of table nat that are deleted too
   * @throws IOException if {@code out} fails
   */
  public void writeRestore(List<TableName> order, List<String> deletedOfNat, Writer out)
      throws IOException {
    RuleWriter rules = new RuleWriter(family, RuleForm.SENT);
    for (TableName name : order) {
      table(name).writeRestore(out, rules, name == TableName.NAT ? deletedOfNat : List.of());
    }
  }

  /** Returns the names of the chains of a table that are sent at each sync. */
  public ImmutableList<String> sentChains(TableName name) {
    return table(name).sentChains();
  }

  /** Returns how many rules the base chains of all tables have. */
  public long baseRules() {
    RuleWriter counter = new RuleWriter(family, RuleForm.SENT);
    return tables.values().stream().mapToLong(table -> table.baseRules(counter)).sum();
  }

  /** Returns how many rules the chains of some tables have that are sent at each sync. */
  public long sentRules(List<TableName> names) {
    RuleWriter counter = new RuleWriter(family, RuleForm.SENT);
    names.forEach(name -> table(name).countSent(counter));
    return counter.rules();
  }
}
