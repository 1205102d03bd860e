package dev.packetpath.iptables;

/** A rule in a host, with what it counts. */
final class LoadedRule {
  final Rule rule;
  final HeaderMatch header;
  final MatchFunction[] matches;
  final TargetFunction target;
  final LoadedChain called;
  long packets;
  long bytes;
  long evaluated;

  /**
   * Creates a rule whose counters go on from what it was written with.
   *
   * @param called the chain of a jump or goto, otherwise {@link LoadedChain#NONE}
   */
  LoadedRule(Rule rule, MatchFunction[] matches, TargetFunction target, LoadedChain called) {
    this.rule = rule;
    this.header = rule.header();
    this.matches = matches;
    this.target = target;
    this.called = called;
    this.packets = rule.counters().packets();
    this.bytes = rule.counters().bytes();
  }
}
