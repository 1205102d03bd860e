package dev.packetpath.conformance;

import com.google.common.base.Splitter;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What a packet has to be to reach some rule and meet it: the options on a way through the chains
 * to it, of the same names as in its text. The first of a name counts; inverted ones are left out.
 */
final class RuleAim {
  private static final int DEEPEST = 8;
  private static final Splitter WORDS = Splitter.on(' ').omitEmptyStrings();

  private final Map<String, String> options = new HashMap<>();
  private String baseChain = "";

  private RuleAim() {}

  /** Returns an aim at a random rule of a random table; at nothing if there is none. */
  static RuleAim draw(Ruleset ruleset, Random random) {
    RuleAim aim = new RuleAim();
    List<Table> tables =
        ruleset.tables().stream()
            .filter(table -> table.chains().stream().anyMatch(RuleAim::hasRules))
            .toList();
    if (!tables.isEmpty()) {
      Table table = pick(tables, random);
      List<Chain> bases = table.chains().stream().filter(RuleAim::hasRules).toList();
      List<Chain> entered = bases.stream().filter(Chain::isBase).toList();
      Chain base = pick(entered.isEmpty() ? bases : entered, random);
      aim.baseChain = base.name();
      aim.follow(table, base, random, 0);
    }
    return aim;
  }

  private static boolean hasRules(Chain chain) {
    return !chain.rules().isEmpty();
  }

  private void follow(Table table, Chain chain, Random random, int depth) {
    Rule rule = pick(chain.rules(), random);
    add(rule);
    Optional<Chain> next =
        called(rule.action())
            .flatMap(name -> table.chains().stream().filter(c -> c.name().equals(name)).findFirst())
            .filter(RuleAim::hasRules);
    if (next.isPresent() && depth < DEEPEST && random.nextInt(100) < 85) {
      follow(table, next.get(), random, depth + 1);
    }
  }

  private static Optional<String> called(RuleAction action) {
    if (action instanceof RuleAction.Jump jump) {
      return Optional.of(jump.chain());
    }
    return action instanceof RuleAction.Goto to ? Optional.of(to.chain()) : Optional.empty();
  }

  private void add(Rule rule) {
    List<String> words = WORDS.splitToList(rule.toString());
    for (int i = 0; i + 1 < words.size(); i++) {
      boolean inverted = i > 0 && words.get(i - 1).equals("!");
      if (words.get(i).startsWith("-") && !inverted) {
        options.putIfAbsent(words.get(i), words.get(i + 1));
      }
    }
  }

  /** Returns the name of the base chain that the way begins in, "" if there are no rules. */
  String baseChain() {
    return baseChain;
  }

  /** Returns what the rules on the way say of the first of these options that one of them has. */
  Optional<String> option(String... names) {
    for (String name : names) {
      if (options.containsKey(name)) {
        return Optional.of(options.get(name));
      }
    }
    return Optional.empty();
  }

  private static <T> T pick(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }
}
