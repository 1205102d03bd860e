package dev.packetpath.iptables.syntax;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.match.Matches;
import dev.packetpath.iptables.target.Targets;
import java.util.Optional;
import java.util.stream.Stream;

/** All matches and targets that can be read, by name. */
final class Extensions {
  private static final ImmutableMap<String, ExtensionSyntax<Match>> MATCHES =
      Maps.uniqueIndex(Matches.ALL, ExtensionSyntax::name);
  private static final ImmutableMap<String, ExtensionSyntax<Target>> TARGETS =
      Maps.uniqueIndex(Targets.ALL, ExtensionSyntax::name);

  /** Other names of matches (libxtables 1.8.9, xtables_find_match). */
  private static final ImmutableMap<String, String> ALIASES =
      ImmutableMap.of(
          "icmpv6", "icmp6", "ipv6-icmp", "icmp6", "ipv6-mh", "mh", "mobility-header", "mh");

  /**
   * Targets of iptables 1.8.9 that are not modelled: no chain can be made by {@code -N} of them.
   */
  private static final ImmutableSet<String> OTHER_TARGETS =
      ImmutableSet.of(
          "AUDIT",
          "CLUSTERIP",
          "CONNSECMARK",
          "DNPT",
          "ECN",
          "HMARK",
          "IDLETIMER",
          "LED",
          "NFQUEUE",
          "RATEEST",
          "SECMARK",
          "SNPT",
          "SYNPROXY",
          "TCPOPTSTRIP",
          "TEE",
          "ULOG");

  private Extensions() {}

  /** Returns whether iptables has a target of this name, modelled or not. */
  static boolean isTarget(String name) {
    return TARGETS.containsKey(name) || OTHER_TARGETS.contains(name);
  }

  static Optional<ExtensionSyntax<Match>> match(String name) {
    return Optional.ofNullable(MATCHES.get(ALIASES.getOrDefault(name, name)));
  }

  static Optional<ExtensionSyntax<Target>> target(String name) {
    return Optional.ofNullable(TARGETS.get(name));
  }

  /** Returns, for an error, which matches and targets have an option; "" if none has. */
  static String owners(String option) {
    String owners =
        Stream.concat(
                Matches.ALL.stream()
                    .filter(match -> match.options().containsKey(option))
                    .map(match -> "-m " + match.name()),
                Targets.ALL.stream()
                    .filter(target -> target.options().containsKey(option))
                    .map(target -> "-j " + target.name()))
            .collect(joining(", "));
    return owners.isEmpty() ? "" : " (" + option + " belongs to " + owners + ")";
  }

  /**
   * Returns the match that iptables loads by itself for the options of a protocol. There is none
   * for udplite.
   */
  static Optional<ExtensionSyntax<Match>> matchOfProtocol(int protocol, IpFamily family) {
    return nameOfProtocol(protocol)
        .flatMap(Extensions::match)
        .filter(syntax -> syntax.supports(family));
  }

  private static Optional<String> nameOfProtocol(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> Optional.of("tcp");
      case IpProtocol.UDP -> Optional.of("udp");
      case IpProtocol.SCTP -> Optional.of("sctp");
      case IpProtocol.DCCP -> Optional.of("dccp");
      case IpProtocol.ICMP -> Optional.of("icmp");
      case IpProtocol.ICMPV6 -> Optional.of("icmp6");
      case IpProtocol.ESP -> Optional.of("esp");
      case IpProtocol.AH -> Optional.of("ah");
      case 135 -> Optional.of("mh");
      default -> Optional.empty();
    };
  }
}
