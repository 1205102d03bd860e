package dev.packetpath.iptables;

import dev.packetpath.conntrack.Tuple;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import java.util.Optional;

/**
 * What a chain of two rules does as kube-proxy writes them for an endpoint: it does something else
 * with packets from the endpoint itself, and sends all others of one protocol to it.
 *
 * @param to the endpoint
 * @param protocol a protocol with ports
 * @param calls the match calls of the second rule
 */
record EndpointChain(TargetForm.SendTo to, int protocol, int calls) {
  /** The place of the rule that sends. */
  static final int SENDING_RULE = 1;

  static final int RULES = 2;

  /** Returns what a chain does if it is one for an endpoint. */
  static Optional<EndpointChain> of(Chain chain) {
    if (chain.rules().size() != RULES
        || chain.isBase()
        || !(chain.rules().get(SENDING_RULE).action() instanceof RuleAction.Extension extension)
        || !(extension.target().form() instanceof TargetForm.SendTo to)
        || to.port() == TargetForm.OWN_PORT) {
      return Optional.empty();
    }
    Rule sending = chain.rules().get(SENDING_RULE);
    int protocol = sending.header().protocol();
    int calls = sending.matches().size();
    boolean isOne =
        asksForSource(chain.rules().get(0).header(), to.address())
            && asksForProtocol(sending, to.address().family())
            && calls <= ChoiceCode.MOST_CALLS;
    return isOne ? Optional.of(new EndpointChain(to, protocol, calls)) : Optional.empty();
  }

  private static boolean asksForSource(HeaderMatch header, IpAddress source) {
    return HeaderMatch.builder(source.family())
        .source(AddressMask.of(source, source.family().bits()), false)
        .isBuilt(header);
  }

  /** Returns whether all packets with ports of a protocol match a rule. */
  private static boolean asksForProtocol(Rule rule, IpFamily family) {
    int protocol = rule.header().protocol();
    return protocol != HeaderMatch.ANY_PROTOCOL
        && Tuple.hasPorts(protocol)
        && HeaderMatch.builder(family).protocol(protocol, false).isBuilt(rule.header())
        && rule.matches().stream().allMatch(match -> holdsForPorts(match.form()));
  }

  private static boolean holdsForPorts(MatchForm form) {
    return form instanceof MatchForm.Always
        || (form instanceof MatchForm.Ports ports
            && ports.asksDestinationAlone()
            && ports.destination().equals(MatchForm.PortInterval.ANY));
  }
}
