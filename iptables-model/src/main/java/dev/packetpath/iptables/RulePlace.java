package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import java.util.Set;

/**
 * Where a rule stands, for checks when a table is loaded.
 *
 * @param family the family
 * @param table the table
 * @param hooks the hooks from which the rule's chain can be reached
 * @param header the rule's header part, with its protocol
 * @param matches the rule's matches
 */
public record RulePlace(
    IpFamily family,
    TableName table,
    ImmutableSet<Hook> hooks,
    HeaderMatch header,
    ImmutableList<Match> matches) {
  /** Returns whether the rule asks for exactly one of these protocols. */
  public boolean hasProtocol(int... protocols) {
    if (header.protocolInverted()) {
      return false;
    }
    for (int protocol : protocols) {
      if (header.protocol() == protocol) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether every hook that reaches the rule is one of these. */
  public boolean onlyFrom(Hook... allowed) {
    return Set.of(allowed).containsAll(hooks);
  }
}
