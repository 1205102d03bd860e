package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;

/**
 * A rule as written.
 *
 * @param header what it asks of the IP header and the devices
 * @param matches further conditions, in the order in which they are tested
 * @param action what it does with a packet that meets all of them
 * @param counters what it has counted so far
 * @param line where it stands in the text it was read from, from 1; 0 if it was not read
 */
public record Rule(
    HeaderMatch header,
    ImmutableList<Match> matches,
    RuleAction action,
    Counters counters,
    int line) {
  /** Returns whether this rule asks connection tracking or NAT for something. */
  public boolean needsConntrack() {
    return action.needsConntrack() || matches.stream().anyMatch(Match::needsConntrack);
  }

  /** Returns this rule with other counters. */
  public Rule withCounters(Counters others) {
    return new Rule(header, matches, action, others, line);
  }

  /** Returns the text behind {@code -A CHAIN}, as iptables-save prints it. */
  @Override
  public String toString() {
    OptionPrinter out = new OptionPrinter();
    print(out);
    return out.toString();
  }

  /** Prints the text behind {@code -A CHAIN}. */
  public void print(OptionPrinter out) {
    header.print(out);
    for (Match match : matches) {
      match.printLoading(out);
      match.print(out);
    }
    action.print(out);
  }

  /** Two rules are equal if they say the same, wherever they stand and whatever they counted. */
  public boolean saysTheSame(Rule other) {
    return header.equals(other.header)
        && matches.equals(other.matches)
        && action.equals(other.action);
  }
}
