package dev.packetpath.iptables;

import java.util.Optional;

/**
 * The one destination port that a rule asks for behind matches that always hold. A packet of
 * another port, whose ports can be read, fails there.
 *
 * @param port the port
 * @param calls the match calls of a packet that fails on it
 */
record ExactPort(int port, int calls) {
  static Optional<ExactPort> of(Rule rule) {
    for (int i = 0; i < rule.matches().size(); i++) {
      MatchForm form = rule.matches().get(i).form();
      if (form instanceof MatchForm.Ports ports) {
        MatchForm.PortInterval asked = ports.destination();
        return asked.isOne() ? Optional.of(new ExactPort(asked.first(), i + 1)) : Optional.empty();
      }
      if (!(form instanceof MatchForm.Always)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
