package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.match.Matches;
import dev.packetpath.iptables.target.Targets;
import java.util.Optional;

/** All matches and targets that can be read, by name. */
final class Extensions {
  private static final ImmutableMap<String, ExtensionSyntax<Match>> MATCHES =
      Maps.uniqueIndex(Matches.ALL, ExtensionSyntax::name);
  private static final ImmutableMap<String, ExtensionSyntax<Target>> TARGETS =
      Maps.uniqueIndex(Targets.ALL, ExtensionSyntax::name);

  private Extensions() {}

  static Optional<ExtensionSyntax<Match>> match(String name) {
    return Optional.ofNullable(MATCHES.get(name));
  }

  static Optional<ExtensionSyntax<Target>> target(String name) {
    return Optional.ofNullable(TARGETS.get(name));
  }

  /** Returns the match that iptables loads by itself for the options of a protocol. */
  static Optional<ExtensionSyntax<Match>> matchOfProtocol(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> match("tcp");
      case IpProtocol.UDP, IpProtocol.UDPLITE -> match("udp");
      case IpProtocol.SCTP -> match("sctp");
      case IpProtocol.DCCP -> match("dccp");
      case IpProtocol.ICMP -> match("icmp");
      case IpProtocol.ICMPV6 -> match("icmp6");
      case IpProtocol.ESP -> match("esp");
      case IpProtocol.AH -> match("ah");
      default -> Optional.empty();
    };
  }
}
