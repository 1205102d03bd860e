package dev.packetpath.iptables.syntax;

import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import java.io.IOException;

/** Prints rules as iptables-save 1.8.9 does, so that iptables-restore takes them. */
public final class SavePrinter {
  private SavePrinter() {}

  /**
   * Prints all tables of a ruleset.
   *
   * @param counters whether the rules' counters are printed too ({@code iptables-save -c})
   * @throws IOException if {@code out} fails
   */
  public static void print(Ruleset ruleset, boolean counters, Appendable out) throws IOException {
    for (Table table : ruleset.tables()) {
      print(table, counters, out);
    }
  }

  /** Returns all tables of a ruleset as text. */
  public static String toText(Ruleset ruleset, boolean counters) {
    StringBuilder out = new StringBuilder();
    try {
      print(ruleset, counters, out);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return out.toString();
  }

  private static void print(Table table, boolean counters, Appendable out) throws IOException {
    out.append('*').append(table.name().text()).append('\n');
    for (Chain chain : table.chains()) {
      String policy = chain.policy().map(Enum::name).orElse("-");
      Counters counted = chain.isBase() ? chain.policyCounters() : Counters.ZERO;
      out.append(':').append(chain.name()).append(' ').append(policy).append(' ');
      out.append(counted.toString()).append('\n');
    }
    for (Chain chain : table.chains()) {
      for (Rule rule : chain.rules()) {
        OptionPrinter line = new OptionPrinter();
        if (counters) {
          line.word(rule.counters().toString());
        }
        line.word("-A").word(chain.name());
        rule.print(line);
        out.append(line.toString()).append('\n');
      }
    }
    out.append("COMMIT\n");
  }
}
