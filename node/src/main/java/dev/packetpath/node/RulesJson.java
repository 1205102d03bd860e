package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.host.RoutingRule;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/** Reads {@code ip -j rule} of one family (iproute2 6.1). */
final class RulesJson {
  private RulesJson() {}

  static ImmutableList<RoutingRule> read(String file, Reader text) throws IOException {
    return JsonText.objects(JsonText.read(file, text)).stream()
        .map(RulesJson::rule)
        .collect(ImmutableList.toImmutableList());
  }

  private static RoutingRule rule(JsonValue.Fields rule) {
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
        (int) rule.number("tos", 0, 255, 0),
        action,
        table,
        (int) rule.number("suppress_prefixlen", 0, 128, -1));
  }

  private static RoutingRule.Action action(JsonValue.Fields rule) {
    if (rule.has("goto")) {
      return RoutingRule.Action.GOTO;
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

  private static Optional<IpPrefix> prefix(JsonValue.Fields rule, String name) {
    if (rule.text(name, "all").equals("all")) {
      return Optional.empty();
    }
    IpAddress address = JsonFields.parse(rule, name, IpAddress::parse);
    int bits = address.family().bits();
    return Optional.of(IpPrefix.of(address, (int) rule.number(name + "len", 0, bits, bits)));
  }
}
