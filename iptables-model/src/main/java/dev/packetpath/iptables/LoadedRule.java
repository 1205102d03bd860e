package dev.packetpath.iptables;

/** A rule in a host, with what it counted there. */
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
   * Creates a rule.
   *
   * @param called the chain of a jump or goto, otherwise {@link LoadedChain#NONE}
   */
  LoadedRule(Rule rule, MatchFunction[] matches, TargetFunction target, LoadedChain called) {
    this.rule = rule;
    this.header = rule.header();
    this.matches = matches;
    this.target = target;
    this.called = called;
  }

  void addCounters(LoadedRule other) {
    packets += other.packets;
    bytes += other.bytes;
    evaluated += other.evaluated;
  }
}
