package dev.packetpath.iptables;

import dev.packetpath.core.Chances;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;

/**
 * Walks the rules of a chain that choose an endpoint, and the endpoint's chain, as {@link
 * ChoiceCode} tells; runs the targets of all rules that send to one destination. Belongs to one
 * thread.
 */
final class EndpointWalk {
  private final LoadContext context;
  private final boolean wide;
  private final Decisions decisions;
  private final int[] code;
  private final Chances[] chances;
  private final TableCounters counters;
  private final WalkTally tally;

  /** Creates the walk of a program. */
  EndpointWalk(LoadContext context, TableProgram program, TableCounters counters, WalkTally tally) {
    this.context = context;
    this.wide = context.family() == IpFamily.IPV6;
    this.decisions = context.host().decisions();
    this.code = program.code();
    this.chances = program.chances();
    this.counters = counters;
    this.tally = tally;
  }

  /**
   * Asks for the chances of a chain's choices, one after the other; returns the number of the
   * choice that is taken, or how many there are if none is.
   *
   * @param choices where the choices start
   */
  int choose(int chain, int choices) {
    int[] code = this.code;
    int head = code[choices];
    int calls = ChoiceCode.calls(head);
    Chances asked = chances[code[choices + ChoiceCode.CHANCES]];
    int draws = asked.size();
    long site = RuleTester.site(code, chain, code[chain + ChainCode.PLAIN]) + calls - 1;
    int number = decisions.refusals(asked, site, RuleTester.SITES_OF_RULE);
    if (number < draws) {
      tally.matchCalls += (long) calls * (number + 1);
    } else {
      int ofLast = draws < ChoiceCode.size(head) ? ChoiceCode.lastCalls(head) : 0;
      tally.matchCalls += (long) calls * draws + ofLast;
    }
    return number;
  }

  /** Returns whether the chain that a choice calls sends a packet to its endpoint. */
  boolean sends(int choices, int number, Packet packet) {
    return (ChoiceCode.areCounted(code[choices]) || called(choices, number) != ChoiceCode.NOT_KNOWN)
        && packet.protocol() == ChoiceCode.protocol(code[choices + ChoiceCode.DETAILS])
        && !packet.isLaterFragment()
        && !packet.transportTruncated()
        && !isFrom(address(choices, number), packet);
  }

  private int called(int choices, int number) {
    return code[choices + ChoiceCode.called(ChoiceCode.size(code[choices]), number, wide)];
  }

  private int address(int choices, int number) {
    return choices + ChoiceCode.ADDRESSES + (wide ? 4 * number : number);
  }

  private boolean isFrom(int address, Packet packet) {
    return packet.sourceLow() == low(address) && packet.sourceHigh() == high(address);
  }

  /**
   * Takes a choice for a packet that it sends to its endpoint.
   *
   * @param place the place of the choice's rule
   */
  Verdict take(int chain, int place, int choices, int number, Packet packet) {
    int rules = code[chain + ChainCode.COUNTERS];
    if (ChoiceCode.areCounted(code[choices]) || called(choices, number) < 0) {
      counters.sent(rules, place, packet.length());
    } else {
      int called = called(choices, number);
      counters.matched(rules, place, packet.length());
      counters.entered(code[called + ChainCode.ENTRY]);
      int sending = code[called + ChainCode.COUNTERS];
      counters.matched(sending, EndpointChain.SENDING_RULE, packet.length());
    }
    int details = code[choices + ChoiceCode.DETAILS];
    tally.rulesEvaluated += place + 1 + EndpointChain.RULES;
    tally.matchCalls += ChoiceCode.sendingCalls(details);
    tally.matched += 2;
    tally.chainCalls++;
    tally.targetCalls++;
    return sendTo(address(choices, number), ChoiceCode.port(details), packet);
  }

  /** Runs the target whose address and port stand at the end of its rule. */
  Verdict send(int ruleEnd, Packet packet) {
    int portAt = ruleEnd - 1;
    return sendTo(portAt - (wide ? 4 : 1), code[portAt], packet);
  }

  private Verdict sendTo(int address, int port, Packet packet) {
    return context.nat().sendTo(packet, high(address), low(address), port);
  }

  private long high(int address) {
    return wide ? longAt(address) : 0;
  }

  private long low(int address) {
    return wide ? longAt(address + 2) : Integer.toUnsignedLong(code[address]);
  }

  private long longAt(int word) {
    return (long) code[word] << Integer.SIZE | Integer.toUnsignedLong(code[word + 1]);
  }
}
