package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.host.FlowSelector;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.host.RoutingRule;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.ProtocolNames;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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

  /**
   * Returns the rules.
   *
   * @param tables numbers the tables
   */
  static ImmutableList<RoutingRule> read(String file, Reader text, RoutingTables tables)
      throws IOException {
    return JsonText.objects(JsonText.read(file, text)).stream()
        .map(rule -> rule(rule, tables))
        .collect(ImmutableList.toImmutableList());
  }

  private static RoutingRule rule(JsonValue.Fields rule, RoutingTables tables) {
    for (String selector : NOT_MODELLED) {
      if (rule.has(selector)) {
        throw rule.error("a rule with \"" + selector + "\"", "a rule without it");
      }
    }
    RoutingRule.Action action = action(rule);
    long table =
        action == RoutingRule.Action.GOTO
            ? rule.number("goto", 0, 0xffff_ffffL, 0)
            : tables.number(rule, "table", RouteEntry.MAIN_TABLE);
    RoutingRule.Builder read =
        RoutingRule.builder(rule.number("priority", 0, 0xffff_ffffL, 0))
            .inverted(rule.has("not"))
            .from(prefix(rule, "src"))
            .to(prefix(rule, "dst"))
            .in(rule.text("iif", ""))
            .out(rule.text("oif", ""))
            .tos(RoutingTables.typeOfService(rule))
            .flow(new FlowSelector(protocol(rule), ports(rule, "sport"), ports(rule, "dport")))
            .action(action)
            .table(table)
            .suppressPrefixLength((int) rule.number("suppress_prefixlen", 0, 128, -1));
    if (rule.has("fwmark")) {
      read.mark(
          (int) rule.number("fwmark", 0, 0xffff_ffffL, 0),
          (int) rule.number("fwmask", 0, 0xffff_ffffL, 0xffff_ffffL));
    }
    return read.build();
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
    return rule.has("ipproto") ? JsonFields.parse(rule, "ipproto", RulesJson::protocol) : 0;
  }

  /** iproute2 writes {@code ipproto-200} for what /etc/protocols does not name. */
  private static int protocol(String text) {
    OptionalInt named = ProtocolNames.numberOf(text);
    return named.isPresent()
        ? named.getAsInt()
        : Integer.parseInt(text.startsWith("ipproto-") ? text.substring(8) : text);
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
