package dev.packetpath.kubernetes.text;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.Hook;
import dev.packetpath.iptables.TableName;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
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

  private record Chain(String name, ChainRules rules) {}

  TableText(TableName name) {
    this.name = name;
    for (Hook hook : name.hooks()) {
      base.put(hook.name(), ChainRules.NONE);
    }
  }

  /** Adds a chain; nobody else adds one of this name. */
  public void chain(String chain, ChainRules rules) {
    chains.add(new Chain(chain, rules));
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

  /** Writes the table as {@code iptables-save} prints it: its own chains by name. */
  void writeTo(Writer out, RuleWriter rules) throws IOException {
    chains.sort(Comparator.comparing(Chain::name));
    out.write("*" + name + "\n");
    for (String chain : base.keySet()) {
      out.write(":" + chain + " ACCEPT [0:0]\n");
    }
    for (Chain chain : chains) {
      out.write(":" + chain.name() + " - [0:0]\n");
    }
    for (Map.Entry<String, ChainRules> chain : base.entrySet()) {
      chain.getValue().writeTo(chain.getKey(), rules);
      out.write(rules.take());
    }
    for (Chain chain : chains) {
      chain.rules().writeTo(chain.name(), rules);
      out.write(rules.take());
    }
    out.write("COMMIT\n");
  }
}
