package dev.packetpath.iptables;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.ipset.IpSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of one family in a host, on its hooks. Belongs to the host's thread. */
public final class Iptables {
  private final IpFamily family;
  private final List<LoadedTable> tables = new ArrayList<>();

  private Iptables(IpFamily family) {
    this.family = family;
  }

  /**
   * Loads tables into a host and registers them on its hooks. Only the tables of the ruleset exist.
   *
   * @param host the host
   * @param ruleset the tables
   * @param sets the host's sets
   * @param nat the host's address translation; without it the nat table is never consulted
   * @throws IllegalArgumentException if a rule calls a chain that its table does not have
   * @throws LoadException if a rule names a set that does not exist, or contradicts another
   * @throws IllegalStateException if there is no {@code nat} although a rule needs connection
   *     tracking
   */
  public static Iptables attach(Host host, Ruleset ruleset, IpSets sets, Optional<Nat> nat) {
    return attach(host, RulesetProgram.compile(ruleset), sets, nat, Walk.COMPILED);
  }

  /**
   * Loads a program, which other hosts may have loaded too, and registers its tables on the host's
   * hooks. What the rules remember (limits, turns, recent lists) is this host's own.
   *
   * @param host the host
   * @param program the tables
   * @param sets the host's sets
   * @param nat the host's address translation; without it the nat table is never consulted
   * @param walk how the rules are walked
   * @throws LoadException if a rule names a set that does not exist, or contradicts another
   * @throws IllegalStateException if there is no {@code nat} although a rule needs connection
   *     tracking
   */
  public static Iptables attach(
      Host host, RulesetProgram program, IpSets sets, Optional<Nat> nat, Walk walk) {
    Iptables iptables = new Iptables(program.family());
    Map<String, Object> shared = LoadContext.noSharedState();
    for (TableProgram table : program.tables()) {
      LoadContext context =
          new LoadContext(host, program.family(), table.name(), sets, nat, shared);
      LoadedTable loaded = new LoadedTable(table, context, walk);
      iptables.tables.add(loaded);
      iptables.register(host, loaded, nat);
    }
    return iptables;
  }

  private void register(Host host, LoadedTable table, Optional<Nat> nat) {
    for (Hook hook : table.name().hooks()) {
      int priority = table.name().priority(hook);
      int base = table.baseChain(hook);
      HookFunction walk = new TableHook(table, base);
      if (table.name() == TableName.NAT) {
        nat.ifPresent(translation -> translation.registerChain(family, hook, priority, walk));
      } else if (table.name() == TableName.MANGLE && hook == Hook.OUTPUT) {
        HookFunction rerouting = new MangleOutput(host, walk);
        host.hooks().register(family, hook, priority, table.name().text(), rerouting);
      } else {
        host.hooks().register(family, hook, priority, table.name().text(), walk);
      }
    }
  }

  /** Returns the family. */
  public IpFamily family() {
    return family;
  }

  /** Returns the tables in the order of the ruleset. */
  public ImmutableList<LoadedTable> tables() {
    return ImmutableList.copyOf(tables);
  }

  /** Returns a table, if it is loaded. */
  public Optional<LoadedTable> table(TableName name) {
    return tables.stream().filter(table -> table.name() == name).findFirst();
  }

  /**
   * Changes chains of a loaded table and leaves the others as they are, with their counters. Takes
   * time linear in what changes, the first time also in the table.
   *
   * @throws IllegalArgumentException if the table is not loaded, or a rule would call a chain that
   *     is not there, or its own
   * @throws LoadException if a rule names a set that does not exist, or contradicts another;
   *     nothing has changed then
   * @throws IllegalStateException if a packet is walking the table, as when a sink updates it that
   *     got the packet's copy by TEE
   */
  public void update(TableUpdate update) {
    table(update.table())
        .orElseThrow(() -> new IllegalArgumentException("no table " + update.table()))
        .update(update);
  }

  /**
   * Adds what the tables of another host, which loaded the same program, have counted since then.
   *
   * @throws IllegalArgumentException if they are of another program
   */
  public void addCounters(Iptables other) {
    checkArgument(
        other.tables.size() == tables.size(), "counters of another program: %s", other.family);
    for (int i = 0; i < tables.size(); i++) {
      tables.get(i).addCounters(other.tables.get(i));
    }
  }

  /** Returns all tables as written, with the counters of this moment. */
  public Ruleset snapshot() {
    return new Ruleset(
        family,
        tables.stream().map(LoadedTable::snapshot).collect(ImmutableList.toImmutableList()));
  }
}
