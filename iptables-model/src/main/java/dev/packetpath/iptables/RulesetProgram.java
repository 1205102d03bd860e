package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;

/**
 * A ruleset made ready to be walked. Immutable: any number of hosts, each in a thread of its own,
 * may load one program; what they count is added up by {@link Iptables#addCounters}.
 */
public final class RulesetProgram {
  private final IpFamily family;
  private final ImmutableList<TableProgram> tables;

  private RulesetProgram(IpFamily family, ImmutableList<TableProgram> tables) {
    this.family = family;
    this.tables = tables;
  }

  /**
   * Makes a ruleset ready; takes time linear in the rules.
   *
   * @throws IllegalArgumentException if a rule calls a chain that its table does not have
   */
  public static RulesetProgram compile(Ruleset ruleset) {
    return compile(ruleset, IndexLimits.DEFAULT);
  }

  static RulesetProgram compile(Ruleset ruleset, IndexLimits limits) {
    return new RulesetProgram(
        ruleset.family(),
        ruleset.tables().stream()
            .map(table -> TableProgram.compile(ruleset.family(), table, limits))
            .collect(ImmutableList.toImmutableList()));
  }

  /** Returns the family. */
  public IpFamily family() {
    return family;
  }

  ImmutableList<TableProgram> tables() {
    return tables;
  }

  /** Returns the ruleset as written. */
  public Ruleset ruleset() {
    return new Ruleset(
        family,
        tables.stream().map(TableProgram::written).collect(ImmutableList.toImmutableList()));
  }
}
