package dev.packetpath.bench;

import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One rule of a generated filter.
 *
 * @param source where from
 * @param sourceInverted whether that is reversed
 * @param destination where to
 * @param destinationInverted whether that is reversed
 * @param protocol the protocol's number, 0 for any
 * @param sourcePorts the source ports, for TCP and UDP
 * @param destinationPorts the destination ports, for TCP and UDP
 * @param accepts whether it accepts, or drops
 */
record FilterRule(
    IpPrefix source,
    boolean sourceInverted,
    IpPrefix destination,
    boolean destinationInverted,
    int protocol,
    PortBounds sourcePorts,
    PortBounds destinationPorts,
    boolean accepts) {
  static final IpPrefix ANYWHERE = IpPrefix.parse("0.0.0.0/0");

  /** Returns the rule as iptables-save prints it, for the chain FORWARD. */
  String text() {
    StringBuilder text = new StringBuilder("-A FORWARD");
    address(text, source, sourceInverted, "-s");
    address(text, destination, destinationInverted, "-d");
    if (protocol != 0) {
      String name =
          protocol == IpProtocol.TCP ? "tcp" : protocol == IpProtocol.UDP ? "udp" : "icmp";
      text.append(" -p ").append(name);
      String ports = sourcePorts.option("--sport") + destinationPorts.option("--dport");
      if (!ports.isEmpty()) {
        text.append(" -m ").append(name).append(ports);
      }
    }
    return text.append(accepts ? " -j ACCEPT" : " -j DROP").toString();
  }

  private static void address(
      StringBuilder text, IpPrefix prefix, boolean inverted, String option) {
    if (prefix.length() > 0) {
      text.append(inverted ? " ! " : " ").append(option).append(' ').append(prefix);
    }
  }

  /** Returns what the rule asks as objects of their own, as a simple program would hold them. */
  List<NaiveWalker.Condition> conditions() {
    List<NaiveWalker.Condition> conditions = new ArrayList<>();
    if (source.length() > 0) {
      conditions.add(
          packet -> source.contains(packet.sourceHigh(), packet.sourceLow()) != sourceInverted);
    }
    if (destination.length() > 0) {
      conditions.add(
          packet ->
              destination.contains(packet.destinationHigh(), packet.destinationLow())
                  != destinationInverted);
    }
    if (protocol != 0) {
      conditions.add(packet -> packet.protocol() == protocol);
    }
    if (!sourcePorts.asksNothing()) {
      conditions.add(packet -> sourcePorts.hold(packet.sourcePort()));
    }
    if (!destinationPorts.asksNothing()) {
      conditions.add(packet -> destinationPorts.hold(packet.destinationPort()));
    }
    return conditions;
  }

  /** Returns the rules as a filter table that accepts what no rule is about. */
  static String table(List<FilterRule> rules) {
    return tableOf(rules.stream().map(FilterRule::text));
  }

  /** Returns rules of FORWARD, as they are printed, as such a table. */
  static String tableOf(Stream<String> rules) {
    return rules
        .map(rule -> rule + "\n")
        .collect(
            Collectors.joining(
                "",
                """
                *filter
                :INPUT ACCEPT [0:0]
                :FORWARD ACCEPT [0:0]
                :OUTPUT ACCEPT [0:0]
                """,
                "COMMIT\n"));
  }
}
