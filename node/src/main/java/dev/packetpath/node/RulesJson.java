package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.host.FlowSelector;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.host.RoutingRule;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Optional;

/** Reads {@code ip -j rule} of one family (iproute2 6.1). */
final class RulesJson {
  private static final List<String> NOT_MODELLED =
      List.of(
          "l3mdev",
          "uid_start",
          "tun_id",
          "suppress_ifgroup",
          "dscp",
          "flowlabel",
          "sport_mask",
          "dport_mask");
  private static final int MAX_PORT = 0xffff;

  private RulesJson() {}

  static ImmutableList<RoutingRule> read(String file, Reader text) throws IOException {
    return JsonText.objects(JsonText.read(file, text)).stream()
        .map(RulesJson::rule)
        .collect(ImmutableList.toImmutableList());
  }

  private static RoutingRule rule(JsonValue.Fields rule) {
    for (String selector : NOT_MODELLED) {
      if (rule.has(selector)) {
        throw rule.error("a rule with \"" + selector + "\"", "a rule without it");
      }
    }
    RoutingRule.Action action = action(rule);
    long table =
        action == RoutingRule.Action.GOTO
            ? rule.number("goto", 0, 0xffff_ffffL, 0)
            : RoutingTables.number(rule, "table", RouteEntry.MAIN_TABLE);
    boolean marked = rule.has("fwmark");
    return new RoutingRule(
        rule.number("priority", 0, 0xffff_ffffL, 0),
        rule.has("not"),
        prefix(rule, "src"),
        prefix(rule, "dst"),
        (int) rule.number("fwmark", 0, 0xffff_ffffL, 0),
        marked ? (int) rule.number("fwmask", 0, 0xffff_ffffL, 0xffff_ffffL) : 0,
        rule.text("iif", ""),
        rule.text("oif", ""),
        RoutingTables.typeOfService(rule),
        new FlowSelector(protocol(rule), ports(rule, "sport"), ports(rule, "dport")),
        action,
        table,
        (int) rule.number("suppress_prefixlen", 0, 128, -1));
  }

  private static RoutingRule.Action action(JsonValue.Fields rule) {
    if (rule.has("goto")) {
      return RoutingRule.Action.GOTO;
    }
    if (rule.has("nop")) {
      return RoutingRule.Action.NOP;
    }
    String action = rule.text("action", "");
    return switch (action) {
      case "" -> RoutingRule.Action.LOOKUP;
      case "nop" -> RoutingRule.Action.NOP;
      case "blackhole" -> RoutingRule.Action.BLACKHOLE;
      case "unreachable" -> RoutingRule.Action.UNREACHABLE;
      case "prohibit" -> RoutingRule.Action.PROHIBIT;
      default ->
          throw rule.get("action")
              .orElse(rule)
              .error("rule action \"" + action + "\"", "nop, blackhole, unreachable or prohibit");
    };
  }

  private static int protocol(JsonValue.Fields rule) {
    return switch (rule.text("ipproto", "")) {
      case "" -> 0;
      case "icmp" -> IpProtocol.ICMP;
      case "igmp" -> IpProtocol.IGMP;
      case "tcp" -> IpProtocol.TCP;
      case "udp" -> IpProtocol.UDP;
      case "dccp" -> IpProtocol.DCCP;
      case "gre" -> IpProtocol.GRE;
      case "esp" -> IpProtocol.ESP;
      case "ah" -> IpProtocol.AH;
      case "ipv6-icmp" -> IpProtocol.ICMPV6;
      case "sctp" -> IpProtocol.SCTP;
      case "udplite" -> IpProtocol.UDPLITE;
      default -> JsonFields.parse(rule, "ipproto", RulesJson::protocolNumber);
    };
  }

  /** iproute2 writes {@code ipproto-200} for what /etc/protocols does not name. */
  private static int protocolNumber(String text) {
    return Integer.parseInt(text.startsWith("ipproto-") ? text.substring(8) : text);
  }

  private static FlowSelector.Ports ports(JsonValue.Fields rule, String name) {
    int one = (int) rule.number(name, 0, MAX_PORT, 0);
    return new FlowSelector.Ports(
        (int) rule.number(name + "_start", 0, MAX_PORT, one),
        (int) rule.number(name + "_end", 0, MAX_PORT, one));
  }

  private static Optional<IpPrefix> prefix(JsonValue.Fields rule, String name) {
    if (rule.text(name, "all").equals("all")) {
      return Optional.empty();
    }
    IpAddress address = JsonFields.parse(rule, name, IpAddress::parse);
    int bits = address.family().bits();
    return Optional.of(IpPrefix.of(address, (int) rule.number(name + "len", 0, bits, bits)));
  }
}
