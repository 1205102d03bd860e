package dev.packetpath.iptables.match;

import dev.packetpath.core.net.ProtocolNames;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import java.util.Optional;

/** The protocol that a rule asks for whose match reads that protocol's header. */
final class RequiredProtocol {
  private RequiredProtocol() {}

  /** Returns why a match may not stand in a rule, if that asks for another protocol than this. */
  static Optional<Refusal> refusal(RulePlace place, String match, int protocol) {
    return place.hasProtocol(protocol)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "-m " + match,
                "-p " + ProtocolNames.nameOf(protocol) + ", not inverted, in the same rule"));
  }
}
