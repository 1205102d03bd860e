package dev.packetpath.kubernetes.text;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.iptables.TableName;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One table in the making. Rules are made while they are written, so a table takes the space of its
 * chains, not of its rules. Not safe for use by several threads.
 */
public final class TableText {
  private final TableName name;
  private final Map<String, ChainRules> base = new LinkedHashMap<>();
  private final List<Chain> chains = new ArrayList<>();

  private record Chain(String name, ChainRules rules, boolean isSent) {}

  TableText(TableName name) {
    this.name = name;
    for (Hook hook : name.hooks()) {
      base.put(hook.name(), ChainRules.NONE);
    }
  }

  /** Adds a chain; nobody else adds one of this name. */
  public void chain(String chain, ChainRules rules) {
    chains.add(new Chain(chain, rules, true));
  }

  /** Adds a chain that is there but that the program does not send at each sync. */
  public void standingChain(String chain, ChainRules rules) {
    chains.add(new Chain(chain, rules, false));
  }

  /** Adds rules behind those of a base chain. */
  public void append(Hook hook, ChainRules rules) {
    base.put(hook.name(), baseRules(hook).and(rules));
  }

  /** Adds rules before those of a base chain. */
  public void prepend(Hook hook, ChainRules rules) {
    base.put(hook.name(), rules.and(baseRules(hook)));
  }

  private ChainRules baseRules(Hook hook) {
    ChainRules rules = base.get(hook.name());
    checkArgument(rules != null, "table %s has no %s chain", name, hook);
    return rules;
  }

  /** Returns the names of the chains that are sent at each sync, in the order of their making. */
  ImmutableList<String> sentChains() {
    return chains.stream()
        .filter(Chain::isSent)
        .map(Chain::name)
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns how many rules the base chains have. */
  long baseRules(RuleWriter counter) {
    long before = counter.rules();
    base.forEach((chain, rules) -> rules.writeTo(chain, counter));
    return counter.rules() - before;
  }

  /** Counts the rules of the chains that are sent at each sync. */
  void countSent(RuleWriter counter) {
    for (Chain chain : chains) {
      if (chain.isSent()) {
        chain.rules().writeTo(chain.name(), counter);
        counter.discard();
      }
    }
  }

  /** Writes the table as {@code iptables-save} prints it: its own chains by name. */
  void writeTo(Writer out, RuleWriter rules) throws IOException {
    List<Chain> sorted = new ArrayList<>(chains);
    sorted.sort((one, other) -> one.name().compareTo(other.name()));
    rules.line("*" + name);
    for (String chain : base.keySet()) {
      rules.declare(chain, "ACCEPT");
    }
    for (Chain chain : sorted) {
      rules.declare(chain.name(), "-");
      rules.drainLargeTo(out);
    }
    for (Map.Entry<String, ChainRules> chain : base.entrySet()) {
      chain.getValue().writeTo(chain.getKey(), rules);
    }
    for (Chain chain : sorted) {
      chain.rules().writeTo(chain.name(), rules);
      rules.drainLargeTo(out);
    }
    rules.line("COMMIT");
    rules.drainTo(out);
  }

  /**
   * Writes what {@code iptables-restore --noflush} is sent: the program's own chains as they were
   * made, and the deletion of others.
   */
  void writeRestore(Writer out, RuleWriter rules, List<String> deleted) throws IOException {
    rules.line("*" + name);
    for (Chain chain : chains) {
      if (chain.isSent()) {
        rules.declare(chain.name(), "-");
        rules.drainLargeTo(out);
      }
    }
    deleted.forEach(chain -> rules.declare(chain, "-"));
    for (Chain chain : chains) {
      if (chain.isSent()) {
        chain.rules().writeTo(chain.name(), rules);
        rules.drainLargeTo(out);
      }
    }
    deleted.forEach(chain -> rules.line("-X " + chain));
    rules.line("COMMIT");
    rules.drainTo(out);
  }
}
