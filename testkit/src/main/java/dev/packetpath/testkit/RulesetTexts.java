package dev.packetpath.testkit;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.TableName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Rule sets as iptables-restore takes them, drawn at random from all tables and all extensions
 * whose answer does not depend on dice, with few addresses so that the packets between them meet
 * rules often. They name the sets of {@link #sets}.
 */
public final class RulesetTexts {
  private final Draw draw;
  private final MatchTexts matches;
  private final TargetTexts targets;

  /** What rule sets are about. */
  public enum Theme {
    /** Anything that does not depend on time. */
    ANY,
    /** Limits, ages and timeouts, among anything else. */
    TIME
  }

  private RulesetTexts(Random random, IpFamily family, Theme theme) {
    this.draw = new Draw(random, family);
    this.matches = new MatchTexts(draw, theme);
    this.targets = new TargetTexts(draw, theme);
  }

  /**
   * Returns a rule set for a family.
   *
   * @param tables the tables that it may hold
   * @param theme what it is about
   */
  public static String ruleset(Random random, IpFamily family, Set<TableName> tables, Theme theme) {
    return new RulesetTexts(random, family, theme).ruleset(tables);
  }

  /** Returns the sets that rule sets of both families name, as ipset restore takes them. */
  public static String sets(Random random) {
    StringBuilder text = new StringBuilder();
    for (IpFamily family : IpFamily.values()) {
      new RulesetTexts(random, family, Theme.ANY).sets(text);
    }
    return text.toString();
  }

  private void sets(StringBuilder text) {
    String suffix = draw.isV4() ? "" : "6";
    String family = draw.isV4() ? " family inet" : " family inet6";
    text.append("create ips").append(suffix).append(" hash:ip").append(family).append('\n');
    text.append("create nets").append(suffix).append(" hash:net").append(family).append('\n');
    text.append("create ports").append(suffix).append(" hash:ip,port").append(family).append('\n');
    text.append("create learned").append(suffix).append(" hash:ip").append(family).append('\n');
    text.append("create fading").append(suffix).append(" hash:ip").append(family);
    text.append(" timeout 100\n");
    text.append("create list").append(suffix).append(" list:set\n");
    for (int i = 0; i < 3; i++) {
      text.append("add ips").append(suffix).append(' ').append(draw.address()).append(" -exist\n");
      text.append("add ports").append(suffix).append(' ').append(draw.address()).append(',');
      text.append(draw.pick("tcp:", "udp:")).append(draw.port()).append(" -exist\n");
    }
    text.append("add nets").append(suffix).append(draw.isV4() ? " 10.0.0.0/8\n" : " fd00::/8\n");
    text.append("add nets").append(suffix);
    text.append(draw.isV4() ? " 10.1.0.0/16 nomatch\n" : " fd01::/16 nomatch\n");
    text.append("add nets").append(suffix).append(draw.isV4() ? " 10.1.7.0/24\n" : " fd01::5\n");
    text.append("add list").append(suffix).append(" ips").append(suffix).append('\n');
    text.append("add list").append(suffix).append(" nets").append(suffix).append('\n');
    if (draw.isV4()) {
      text.append("create bits bitmap:port range 0-65535\nadd bits 80\nadd bits 20000-20003\n");
    }
  }

  private String ruleset(Set<TableName> tables) {
    StringBuilder text = new StringBuilder();
    for (TableName table : TableName.values()) {
      int odds =
          switch (table) {
            case RAW -> 35;
            case SECURITY -> 10;
            case MANGLE -> 55;
            case NAT, FILTER -> 75;
          };
      if (draw.percent(odds) && tables.contains(table)) {
        table(table, text);
      }
    }
    return text.toString();
  }

  /** A user chain that only some hooks may reach, so that its targets are allowed there. */
  private record UserChain(String name, Set<Hook> hooks) {}

  private void table(TableName table, StringBuilder text) {
    text.append('*').append(table.text()).append('\n');
    for (Hook hook : table.hooks()) {
      String policy = table != TableName.NAT && draw.percent(12) ? "DROP" : "ACCEPT";
      text.append(':').append(hook).append(' ').append(policy).append(" [0:0]\n");
    }
    List<UserChain> chains = new ArrayList<>();
    for (int i = draw.below(4); i > 0; i--) {
      chains.add(new UserChain("U" + i + "-" + table.text(), reach(table)));
    }
    chains.forEach(chain -> text.append(':').append(chain.name()).append(" - [0:0]\n"));
    for (Hook hook : table.hooks()) {
      rules(table, hook.name(), EnumSet.of(hook), chains, text);
    }
    for (int i = 0; i < chains.size(); i++) {
      UserChain chain = chains.get(i);
      rules(table, chain.name(), chain.hooks(), chains.subList(i + 1, chains.size()), text);
    }
    text.append("COMMIT\n");
  }

  private Set<Hook> reach(TableName table) {
    if (table != TableName.NAT) {
      return EnumSet.copyOf(table.hooks());
    }
    return draw.percent(50)
        ? EnumSet.of(Hook.PREROUTING, Hook.OUTPUT)
        : EnumSet.of(Hook.POSTROUTING, Hook.INPUT);
  }

  private void rules(
      TableName table, String name, Set<Hook> hooks, List<UserChain> callable, StringBuilder text) {
    boolean base = table.baseChain(name).isPresent();
    for (int i = draw.below(5); i > 0; i--) {
      MatchTexts.Header header = matches.header(hooks, base);
      String action = action(table, hooks, callable, header.protocol());
      text.append("-A ").append(name).append(' ').append(header.text());
      text.append(matches.matches(header.protocol(), hooks)).append(action);
      while (text.charAt(text.length() - 1) == ' ') {
        text.setLength(text.length() - 1);
      }
      text.append('\n');
    }
  }

  private String action(
      TableName table, Set<Hook> hooks, List<UserChain> callable, String protocol) {
    List<UserChain> allowed =
        callable.stream().filter(chain -> chain.hooks().containsAll(hooks)).toList();
    if (!allowed.isEmpty() && draw.percent(40)) {
      return (draw.percent(75) ? "-j " : "-g ") + draw.pick(allowed).name();
    }
    return targets.target(table, hooks, protocol);
  }
}
